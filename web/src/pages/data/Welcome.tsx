import { SimpleGrid, Text } from "@mantine/core";
import { PageHead } from "../../components/PageHead";
import { Section } from "../../components/Section";
import { useSpeech } from "../../i18n";
import { Connect } from "./Connect";
import { Upload } from "./Upload";

/** A shop without orders: the ways to the first ones. */
export default function Welcome() {
  const { t } = useSpeech();
  return (
    <>
      <PageHead title={t("welcome.title")} question={t("welcome.question")} />
      <SimpleGrid cols={{ base: 1, lg: 2 }} spacing="lg">
        <Section title={t("welcome.file")} hint={t("welcome.fileHint")}>
          <Upload />
        </Section>
        <Section title={t("welcome.connect")} hint={t("welcome.connectHint")}>
          <Connect />
        </Section>
      </SimpleGrid>
      <Text size="sm" className="quiet" mt="lg">
        {t("welcome.private")}
      </Text>
    </>
  );
}
