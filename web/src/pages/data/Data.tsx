import { Badge, SimpleGrid, Stack, Table, Text } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { get } from "../../api/client";
import { headlines, shop } from "../../api/queries";
import type { components } from "../../api/schema";
import type { Import } from "../../api/types";
import { Answered } from "../../components/Answered";
import { PageHead } from "../../components/PageHead";
import { Section } from "../../components/Section";
import { useSpeech } from "../../i18n";
import { useView } from "../../state/view";
import { Connect } from "./Connect";
import { Upload } from "./Upload";
import { Scrolls } from "../../components/Scrolls";

type Source = components["schemas"]["SourceBody"];

/** What the shop's figures rest on: where data come from, what was left out, what the shop counts in. */
export default function Data() {
  const { t } = useSpeech();
  return (
    <>
      <PageHead title={t("nav.data")} question={t("data.question")} />
      <Stack gap="lg">
        <SimpleGrid cols={{ base: 1, lg: 2 }} spacing="lg">
          <ShopFacts />
          <LeftOut />
        </SimpleGrid>
        <Imports />
        <SimpleGrid cols={{ base: 1, lg: 2 }} spacing="lg">
          <Section title={t("welcome.file")} hint={t("welcome.fileHint")}>
            <Upload />
          </Section>
          <Stack gap="lg">
            <Sources />
            <Section title={t("welcome.connect")} hint={t("welcome.connectHint")}>
              <Connect />
            </Section>
          </Stack>
        </SimpleGrid>
      </Stack>
    </>
  );
}

function ShopFacts() {
  const { t, day } = useSpeech();
  const query = useQuery(shop);
  return (
    <Section title={t("data.shop")}>
      <Answered query={query}>
        {(known) => (
          <Table withRowBorders={false}>
            <Table.Tbody>
              {(
                [
                  ["upload.currency", known.currency ?? "–"],
                  ["upload.zone", known.time_zone],
                  ["data.first", known.first_day ? day(known.first_day, "long") : "–"],
                  ["data.last", known.last_day ? day(known.last_day, "long") : "–"],
                  ["data.forecasts", t(known.has_forecasts ? "data.forecastsYes" : "data.forecastsNo")],
                ] as const
              ).map(([label, value]) => (
                <Table.Tr key={label}>
                  <Table.Td className="quiet">{t(label)}</Table.Td>
                  <Table.Td>
                    <bdi>{value}</bdi>
                  </Table.Td>
                </Table.Tr>
              ))}
            </Table.Tbody>
          </Table>
        )}
      </Answered>
    </Section>
  );
}

function LeftOut() {
  const { t, number, money, maybe } = useSpeech();
  const view = useView();
  const query = useQuery(headlines({ as_of: view.asOf, basis: view.basis }));
  return (
    <Section title={t("data.leftOut")} hint={t("data.leftOutHint")}>
      <Answered query={query}>
        {(told) => {
          const rows = Object.entries(told.excluded).filter(([, one]) => one.count > 0);
          if (rows.length === 0) return <Text className="quiet">{t("data.nothingLeftOut")}</Text>;
          return (
            <Table className="numbers">
              <Table.Tbody>
                {rows.map(([reason, one]) => (
                  <Table.Tr key={reason}>
                    <Table.Td>{maybe(`excluded.${reason}`, reason)}</Table.Td>
                    <Table.Td ta="end">{number(one.count)}</Table.Td>
                    <Table.Td ta="end" className="quiet">
                      {money(one.amount, told.currency, 0)}
                    </Table.Td>
                  </Table.Tr>
                ))}
              </Table.Tbody>
            </Table>
          );
        }}
      </Answered>
    </Section>
  );
}

function Imports() {
  const { t, number, moment } = useSpeech();
  const query = useQuery({
    queryKey: ["imports"],
    queryFn: ({ signal }) => get<{ items: Import[] }>("/imports", { limit: 10 }, signal),
  });
  return (
    <Section title={t("data.imports")}>
      <Answered query={query}>
        {({ items }) =>
          items.length === 0 ? (
            <Text className="quiet">{t("data.noImports")}</Text>
          ) : (
            <Scrolls label={t("data.imports")} minWidth={560}>
              <Table className="numbers" fz="sm">
                <Table.Thead>
                  <Table.Tr>
                    <Table.Th>{t("table.file")}</Table.Th>
                    <Table.Th>{t("table.state")}</Table.Th>
                    <Table.Th ta="end">{t("table.rows")}</Table.Th>
                    <Table.Th ta="end">{t("table.rejected")}</Table.Th>
                    <Table.Th ta="end">{t("table.when")}</Table.Th>
                  </Table.Tr>
                </Table.Thead>
                <Table.Tbody>
                  {items.map((one) => (
                    <Table.Tr key={one.id}>
                      <Table.Td>
                        <bdi>{one.files.map((file) => file.name).join(", ")}</bdi>
                        <Text size="xs" className="quiet" component="div">
                          <bdi dir="ltr">{one.source}</bdi>
                        </Text>
                      </Table.Td>
                      <Table.Td>
                        <Badge variant="light" tt="none" color={one.state === "failed" ? "red" : "clove"}>
                          {t(`import.${one.state as "waiting" | "reading" | "writing" | "done" | "failed"}`)}
                        </Badge>
                      </Table.Td>
                      <Table.Td ta="end">{number(one.rows_read)}</Table.Td>
                      <Table.Td ta="end">{number(one.rows_rejected)}</Table.Td>
                      <Table.Td ta="end">{moment(one.created_at)}</Table.Td>
                    </Table.Tr>
                  ))}
                </Table.Tbody>
              </Table>
            </Scrolls>
          )
        }
      </Answered>
    </Section>
  );
}

function Sources() {
  const { t, moment } = useSpeech();
  const query = useQuery({
    queryKey: ["sources"],
    queryFn: ({ signal }) => get<Source[]>("/sources", {}, signal),
  });
  return (
    <Section title={t("data.sources")}>
      <Answered query={query} height={60}>
        {(items) =>
          items.length === 0 ? (
            <Text className="quiet">{t("data.noSources")}</Text>
          ) : (
            <Table fz="sm">
              <Table.Tbody>
                {items.map((source) => (
                  <Table.Tr key={source.name}>
                    <Table.Td>
                      <bdi dir="ltr">{source.name}</bdi>
                    </Table.Td>
                    <Table.Td className="quiet">{moment(source.created_at)}</Table.Td>
                    <Table.Td>
                      {source.disconnected_at
                        ? t("data.disconnected")
                        : t(source.has_webhook_secret ? "data.webhooks" : "data.noWebhooks")}
                    </Table.Td>
                  </Table.Tr>
                ))}
              </Table.Tbody>
            </Table>
          )
        }
      </Answered>
    </Section>
  );
}
