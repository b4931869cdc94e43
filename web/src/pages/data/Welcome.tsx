import { Button, Group, SimpleGrid, Stack, Text } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { imports } from "../../api/queries";
import { PageHead } from "../../components/PageHead";
import { Section } from "../../components/Section";
import { useSpeech } from "../../i18n";
import { Headline } from "../home/Headline";
import { Connect } from "./files/Connect";
import { isUnderWay } from "./files/progress";
import { Upload } from "./files/Upload";

/** A shop without orders: the ways to the first ones, and the first answers as soon as there are some. */
export default function Welcome({ hasOrders, onLeave }: { hasOrders: boolean; onLeave: () => void }) {
  const { t } = useSpeech();
  const files = useQuery({
    ...imports,
    refetchInterval: (query) => (query.state.data?.items.some(isUnderWay) ? 1_000 : false),
  });
  const isReading = files.data?.items.some(isUnderWay) ?? false;
  return (
    <>
      <PageHead title={t("welcome.title")} question={t("welcome.question")} />
      <Stack gap="lg">
        {hasOrders && (
          <>
            <Headline />
            <Group>
              <Button onClick={onLeave} variant={isReading ? "default" : "filled"}>
                {t("welcome.go")}
              </Button>
              <Text size="sm" className="quiet" aria-live="polite">
                {t(isReading ? "welcome.reading" : "welcome.ready")}
              </Text>
            </Group>
          </>
        )}
        <SimpleGrid cols={{ base: 1, lg: 2 }} spacing="lg">
          <Section title={t("welcome.file")} hint={t("welcome.fileHint")}>
            <Upload />
          </Section>
          <Section title={t("welcome.connect")} hint={t("welcome.connectHint")}>
            <Connect />
          </Section>
        </SimpleGrid>
        <Text size="sm" className="quiet">
          {t("welcome.private")}
        </Text>
      </Stack>
    </>
  );
}
