import { SegmentedControl, SimpleGrid, Stack, Table, Text } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { lazy, Suspense, useState } from "react";
import { cohorts } from "../../api/queries";
import type { Cohorts } from "../../api/types";
import { Answered } from "../../components/Answered";
import { HeatTable, type HeatRow } from "../../components/HeatTable";
import { PageHead } from "../../components/PageHead";
import { Section } from "../../components/Section";
import { useSpeech } from "../../i18n";
import { useView } from "../../state/view";
import { Calculator } from "./Calculator";
import { Scrolls } from "../../components/Scrolls";

const Curves = lazy(() => import("./Curves"));

type Shown = "ltv" | "returned" | "retained";

/** What new customers are worth as they grow older, by the month of their first order. */
export default function Value() {
  const { t } = useSpeech();
  const view = useView();
  const [shown, setShown] = useState<Shown>("ltv");
  const query = useQuery(
    cohorts({ as_of: view.asOf, basis: view.basis, segment: view.segment, ages: "0,30,60,90,180,365" }),
  );
  return (
    <>
      <PageHead title={t("nav.value")} question={t("value.question")} />
      <Answered query={query} height={420}>
        {(answer) => (
          <Stack gap="lg">
            <Section title={t("value.curves")} hint={t("value.curvesHint")}>
              <Suspense fallback={<div style={{ height: 280 }} />}>
                <Curves cohorts={answer} />
              </Suspense>
            </Section>
            <Section
              title={t("value.cohorts")}
              hint={t(`value.hint.${shown}`)}
              aside={
                <SegmentedControl
                  size="xs"
                  aria-label={t("value.show")}
                  value={shown}
                  onChange={(value) => setShown(value as Shown)}
                  data={(["ltv", "returned", "retained"] as const).map((value) => ({
                    value,
                    label: t(`value.${value}`),
                  }))}
                />
              }
            >
              <CohortTable answer={answer} shown={shown} />
            </Section>
            <SimpleGrid cols={{ base: 1, lg: 2 }} spacing="lg">
              <Costs answer={answer} />
              <Calculator currency={answer.currency} />
            </SimpleGrid>
          </Stack>
        )}
      </Answered>
    </>
  );
}

/** Cohorts shown at most: the latest ones. */
const MOST = 24;

function CohortTable({ answer, shown }: { answer: Cohorts; shown: Shown }) {
  const { t, money, share, number, day } = useSpeech();
  const latest = answer.cohorts.slice(-MOST).reverse();
  const periods = Math.min(12, Math.max(0, ...latest.map((cohort) => cohort.retention.length - 1)));
  const columns =
    shown === "ltv"
      ? answer.ages.map((age) => t("days", { days: age }))
      : Array.from({ length: periods }, (_, index) => t("value.month", { month: index + 1 }));
  const rows: HeatRow[] = latest.map((cohort) => ({
    key: cohort.cohort,
    label: day(cohort.cohort, "month"),
    note: number(cohort.customers),
    small: cohort.small,
    cells:
      shown === "ltv"
        ? cohort.ltv.map((cell) => ({
            value: cell.ltv.value === null ? null : Number(cell.ltv.value),
            text: money(cell.ltv.value, answer.currency, 0),
            complete: cell.complete,
          }))
        : cohort.retention.slice(1, periods + 1).map((cell) => {
            const rate = shown === "returned" ? cell.returned_by : cell.retained;
            return { value: rate.value, text: share(rate.value, 0), complete: cell.complete };
          }),
  }));
  return (
    <HeatTable
      label={t("value.cohorts")}
      columns={columns}
      rows={rows}
      first={t("value.cohort")}
      second={t("table.customers")}
    />
  );
}

/** What customers of each month cost, and when they had earned it back. */
function Costs({ answer }: { answer: Cohorts }) {
  const { t, money, number, day } = useSpeech();
  const known = answer.cohorts
    .filter((cohort) => cohort.cac?.value)
    .slice(-12)
    .reverse();
  if (known.length === 0) {
    return (
      <Section title={t("value.costs")}>
        <Text className="quiet">{t("value.noCosts")}</Text>
      </Section>
    );
  }
  return (
    <Section title={t("value.costs")} hint={t("value.costsHint")}>
      <Scrolls label={t("value.costs")} minWidth={360}>
        <Table fz="sm" className="numbers">
          <Table.Thead>
            <Table.Tr>
              <Table.Th>{t("value.cohort")}</Table.Th>
              <Table.Th ta="end">{t("value.cac")}</Table.Th>
              <Table.Th ta="end">{t("value.at90")}</Table.Th>
              <Table.Th ta="end">{t("value.ratio")}</Table.Th>
            </Table.Tr>
          </Table.Thead>
          <Table.Tbody>
            {known.map((cohort) => {
              const early = cohort.ltv.find((cell) => cell.age === 90);
              return (
                <Table.Tr key={cohort.cohort} className={cohort.small ? "quiet" : ""}>
                  <Table.Td>{day(cohort.cohort, "month")}</Table.Td>
                  <Table.Td ta="end">{money(cohort.cac?.value, answer.currency)}</Table.Td>
                  <Table.Td ta="end">
                    {early?.complete ? money(early.ltv.value, answer.currency) : t("figure.incomplete")}
                  </Table.Td>
                  <Table.Td ta="end">
                    {early?.complete && early.ltv_to_cac !== null ? `${number(early.ltv_to_cac, 1)}×` : "–"}
                  </Table.Td>
                </Table.Tr>
              );
            })}
          </Table.Tbody>
        </Table>
      </Scrolls>
    </Section>
  );
}
