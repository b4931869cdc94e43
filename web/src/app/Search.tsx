import { ActionIcon, Kbd, Text } from "@mantine/core";
import { IconSearch } from "@tabler/icons-react";
import { useSpeech } from "../i18n";

const open = async () => (await import("@mantine/spotlight")).spotlight.open();

/** The way to any page, segment or customer; Ctrl-K opens it too. */
export function Search() {
  const { t } = useSpeech();
  return (
    <button type="button" className="search" onClick={() => void open()} aria-label={t("finder.title")}>
      <IconSearch size={16} aria-hidden />
      <Text span size="sm" style={{ flex: 1 }}>
        {t("finder.open")}
      </Text>
      <Kbd size="xs" dir="ltr">
        Ctrl K
      </Kbd>
    </button>
  );
}

/** The same where there is little room. */
export function SearchIcon() {
  const { t } = useSpeech();
  return (
    <ActionIcon variant="subtle" color="gray" size="lg" aria-label={t("finder.title")} onClick={() => void open()}>
      <IconSearch size={20} />
    </ActionIcon>
  );
}
