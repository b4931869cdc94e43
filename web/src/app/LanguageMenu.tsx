import { Button, Menu } from "@mantine/core";
import { IconLanguage } from "@tabler/icons-react";
import { useSpeech } from "../i18n";
import { LANGUAGES, LANGUAGE_NAMES, chooseLanguage } from "../i18n/languages";

/** In which language the app speaks. */
export function LanguageMenu() {
  const { t, language } = useSpeech();
  return (
    <Menu position="top-start">
      <Menu.Target>
        <Button
          variant="subtle"
          color="gray"
          size="compact-sm"
          leftSection={<IconLanguage size={18} />}
          title={t("bar.language")}
        >
          {LANGUAGE_NAMES[language]}
        </Button>
      </Menu.Target>
      <Menu.Dropdown>
        {LANGUAGES.map((one) => (
          <Menu.Item key={one} lang={one} disabled={one === language} onClick={() => chooseLanguage(one)}>
            {LANGUAGE_NAMES[one]}
          </Menu.Item>
        ))}
      </Menu.Dropdown>
    </Menu>
  );
}
