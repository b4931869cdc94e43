import { SimpleGrid, Stack } from "@mantine/core";
import { Section } from "../../../components/Section";
import { useSpeech } from "../../../i18n";
import { Connect } from "./Connect";
import { Costs } from "./Costs";
import { Imports } from "./Imports";
import { Sources } from "./Sources";
import { Upload } from "./Upload";

/** Where the shop's data come from: files, connected shops, costs written by hand. */
export function Files() {
  const { t } = useSpeech();
  return (
    <Stack gap="lg">
      <SimpleGrid cols={{ base: 1, lg: 2 }} spacing="lg">
        <Stack gap="lg">
          <Section title={t("welcome.file")} hint={t("welcome.fileHint")}>
            <Upload />
          </Section>
          <Costs />
        </Stack>
        <Stack gap="lg">
          <Sources />
          <Section title={t("welcome.connect")} hint={t("welcome.connectHint")}>
            <Connect />
          </Section>
        </Stack>
      </SimpleGrid>
      <Imports />
    </Stack>
  );
}
