import { Stack, Table, Text } from "@mantine/core";
import { useQueries } from "@tanstack/react-query";
import { metric } from "../../api/queries";
import type { MetricAnswer, MetricQuestion } from "../../api/types";
import { Failure } from "../../components/Failure";
import { PageHead } from "../../components/PageHead";
import { Scrolls } from "../../components/Scrolls";
import { Section } from "../../components/Section";
import { useSpeech, type Speech } from "../../i18n";
import { useView } from "../../state/view";
import { rowsOf, type ChannelRow } from "./channels";

const AGE = 90;

/** Where customers come from, what they cost there, and what they bring. */
export default function Acquisition() {
  const speech = useSpeech();
  const { t, day } = speech;
  const view = useView();
  const span: MetricQuestion = {
    as_of: view.asOf,
    by: "channel",
    ...(view.from === undefined ? {} : { from: view.from }),
    ...(view.segment === undefined ? {} : { segment: view.segment }),
  };
  // Whoever came within the last 90 days is too young to tell: value is that of all customers old enough.
  const grown: MetricQuestion = {
    as_of: view.asOf,
    by: "channel",
    basis: view.basis,
    age_days: AGE,
    ...(view.segment === undefined ? {} : { segment: view.segment }),
  };
  const [customers, costs, each, value] = useQueries({
    queries: [metric("new_customers", span), metric("marketing_cost", span), metric("cac", span), metric("ltv", grown)],
  });
  const failed = [customers, costs, each, value].find((query) => query?.isError);
  const answers = [customers?.data, costs?.data, each?.data, value?.data];
  return (
    <>
      <PageHead title={t("nav.acquisition")} question={t("acquisition.question")} />
      <Stack gap="lg">
        <Section
          title={t("acquisition.channels")}
          hint={t("acquisition.hint", { from: view.from ? day(view.from) : t("span.all"), until: day(view.asOf) })}
        >
          {failed?.error ? (
            <Text className="quiet">{t("acquisition.noChannels")}</Text>
          ) : answers.every((answer): answer is MetricAnswer => answer !== undefined) ? (
            <Channels rows={rowsOf(answers)} currency={answers[0]?.currency ?? view.currency} speech={speech} />
          ) : (
            <div aria-busy style={{ height: 240 }} />
          )}
          {failed?.error && <Failure error={failed.error} />}
        </Section>
        <Text size="sm" className="quiet">
          {t("acquisition.import")}
        </Text>
      </Stack>
    </>
  );
}

function Channels({ rows, currency, speech }: { rows: ChannelRow[]; currency: string; speech: Speech }) {
  const { t, number, money } = speech;
  const losing = rows.filter((row) => row.ratio !== null && row.ratio < 1);
  return (
    <>
      {losing.length > 0 && (
        <Text mb="sm" className="bad">
          {t("acquisition.losing", { channels: losing.map((row) => row.channel).join(", ") })}
        </Text>
      )}
      <Scrolls label={t("acquisition.channels")} minWidth={600}>
        <Table className="numbers">
          <Table.Thead>
            <Table.Tr>
              <Table.Th>{t("by.channel")}</Table.Th>
              <Table.Th ta="end">{t("acquisition.new")}</Table.Th>
              <Table.Th ta="end">{t("acquisition.cost")}</Table.Th>
              <Table.Th ta="end">{t("value.cac")}</Table.Th>
              <Table.Th ta="end">{t("value.at90")}</Table.Th>
              <Table.Th ta="end">{t("value.ratio")}</Table.Th>
            </Table.Tr>
          </Table.Thead>
          <Table.Tbody>
            {rows.map((row) => (
              <Table.Tr key={row.channel} className={row.small ? "quiet" : ""}>
                <Table.Td>
                  <bdi>{row.channel}</bdi>
                </Table.Td>
                <Table.Td ta="end">{number(row.customers)}</Table.Td>
                <Table.Td ta="end">{money(row.cost, currency, 0)}</Table.Td>
                <Table.Td ta="end">{money(row.each, currency)}</Table.Td>
                <Table.Td ta="end">{money(row.value, currency)}</Table.Td>
                <Table.Td ta="end" className={row.ratio !== null && row.ratio < 1 ? "bad" : ""}>
                  {row.ratio === null ? "–" : `${number(row.ratio, 1)}×`}
                </Table.Td>
              </Table.Tr>
            ))}
          </Table.Tbody>
        </Table>
      </Scrolls>
    </>
  );
}
