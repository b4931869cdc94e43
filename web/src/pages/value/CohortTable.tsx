import { SegmentedControl } from "@mantine/core";
import { useState } from "react";
import type { Cohorts } from "../../api/types";
import { FigureMenu } from "../../components/figure/FigureMenu";
import { groupOf } from "../../components/figure/figure";
import { HeatTable, type HeatRow } from "../../components/HeatTable";
import { Section } from "../../components/Section";
import { SectionMenu } from "../../components/SectionMenu";
import { useSpeech } from "../../i18n";
import { useView } from "../../state/view";

type Shown = "ltv" | "returned" | "retained";
const SHOWN = ["ltv", "returned", "retained"] as const;

/** Cohorts shown at most: the latest ones. */
const MOST = 24;

/** Customers by the month of their first order: their value by age, or how many bought again. */
export function CohortTable({ answer }: { answer: Cohorts }) {
  const { t, money, share, number, day } = useSpeech();
  const view = useView();
  const [shown, setShown] = useState<Shown>("ltv");
  const latest = answer.cohorts.slice(-MOST).toReversed();
  const periods = Math.min(12, Math.max(0, ...latest.map((cohort) => cohort.retention.length - 1)));
  const columns =
    shown === "ltv"
      ? answer.ages.map((age) => ({
          key: String(age),
          content: (
            <FigureMenu
              figure={{
                metric: "ltv",
                title: t("home.atAge", { days: age }),
                question: { as_of: view.asOf, basis: view.basis, age_days: age, segment: view.segment },
                row: { age_days: age, as_of: view.asOf },
              }}
            >
              {t("days", { days: age })}
            </FigureMenu>
          ),
        }))
      : Array.from({ length: periods }, (_, index) => ({
          key: String(index + 1),
          content: t("value.month", { month: index + 1 }),
        }));
  const rows: HeatRow[] = latest.map((cohort) => ({
    key: cohort.cohort,
    label: day(cohort.cohort, "month"),
    note: number(cohort.customers),
    small: cohort.small,
    customers: groupOf("cohort", cohort.cohort),
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
    <Section
      title={t("value.cohorts")}
      hint={t(`value.hint.${shown}`)}
      aside={
        <SegmentedControl
          size="xs"
          aria-label={t("value.show")}
          value={shown}
          onChange={(value) => setShown(value as Shown)}
          data={SHOWN.map((value) => ({ value, label: t(`value.${value}`) }))}
        />
      }
    >
      <HeatTable
        label={t("value.cohorts")}
        columns={columns}
        rows={rows}
        first={t("value.cohort")}
        second={t("table.customers")}
      />
      <SectionMenu
        name={`cohorts-${shown}`}
        request={`/cohorts?as_of=${answer.as_of}&basis=${answer.basis}&ages=${answer.ages.join(",")}`}
        rows={rows.map((row) => ({
          cohort: row.key,
          customers: row.note,
          ...Object.fromEntries(columns.map(({ key }, index) => [key, row.cells[index]?.value ?? null])),
        }))}
      />
    </Section>
  );
}
