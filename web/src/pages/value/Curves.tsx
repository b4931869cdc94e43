import "@mantine/charts/styles.css";

import { LineChart } from "@mantine/charts";
import { useComputedColorScheme } from "@mantine/core";
import type { Cohorts } from "../../api/types";
import { ChartOrTable } from "../../components/ChartOrTable";
import { useSpeech } from "../../i18n";

/** Value per customer by age, of all customers old enough and of the latest three quarters, over what a customer costs. */
export default function Curves({ cohorts, cost }: { cohorts: Cohorts; cost: string | null }) {
  const { t, money, day } = useSpeech();
  const dark = useComputedColorScheme("light") === "dark";
  const quarters = new Map<string, typeof cohorts.cohorts>();
  for (const cohort of cohorts.cohorts) {
    const [year, month] = cohort.cohort.split("-").map(Number);
    const key = `${year}-${String(Math.floor(((month ?? 1) - 1) / 3) * 3 + 1).padStart(2, "0")}`;
    quarters.set(key, [...(quarters.get(key) ?? []), cohort]);
  }
  const pooled = (some: typeof cohorts.cohorts, age: number): number | null => {
    const cells = some.map((cohort) => cohort.ltv.find((cell) => cell.age === age));
    if (cells.length === 0 || cells.some((cell) => !cell?.complete || cell.ltv.numerator === null)) return null;
    const sum = cells.reduce((total, cell) => total + Number(cell?.ltv.numerator ?? 0), 0);
    const count = cells.reduce((total, cell) => total + (cell?.ltv.denominator ?? 0), 0);
    return count > 0 ? sum / count : null;
  };
  const complete = (age: number) =>
    cohorts.cohorts.filter((cohort) => cohort.ltv.find((cell) => cell.age === age)?.complete);
  const latest = [...quarters.entries()]
    .slice(-6)
    .filter(([, some]) => pooled(some, 30) !== null)
    .slice(-3);
  const names = latest.map(([quarter]) => t("value.quarter", { from: day(quarter, "month") }));
  const data = cohorts.ages.map((age) => ({
    age,
    [t("value.everyone")]: pooled(complete(age), age),
    ...Object.fromEntries(latest.map(([, some], index) => [names[index], pooled(some, age)])),
  }));
  const last = data.at(-1)?.[t("value.everyone")];
  return (
    <>
      <p className="quiet" style={{ marginBlockStart: 0 }}>
        {typeof last === "number"
          ? t("value.curvesSummary", {
              value: money(last, cohorts.currency, 0),
              age: t("days", { days: cohorts.ages.at(-1) ?? 0 }),
            })
          : t("value.curvesYoung")}
      </p>
      <ChartOrTable
        label={t("value.curves")}
        columns={[t("value.age"), t("value.everyone"), ...names]}
        rows={data.map(({ age, ...values }) => [
          t("days", { days: age }),
          ...[t("value.everyone"), ...names].map((name) => {
            const value = (values as Record<string, number | null | undefined>)[name];
            return typeof value === "number" ? money(value, cohorts.currency) : "–";
          }),
        ])}
      >
        {/* Time runs from left to right in every language. */}
        <div dir="ltr">
          <LineChart
            h={300}
            data={data}
            dataKey="age"
            xAxisProps={{
              type: "number",
              domain: [0, cohorts.ages.at(-1) ?? 0],
              ticks: cohorts.ages,
              tickFormatter: (age: number) => t("days", { days: age }),
            }}
            tooltipProps={{ labelFormatter: (age) => t("days", { days: Number(age) }) }}
            withLegend
            legendProps={{ itemSorter: null }}
            connectNulls={false}
            curveType="linear"
            valueFormatter={(value) => money(value, cohorts.currency, 0)}
            series={[
              { name: t("value.everyone"), color: "clove.7" },
              ...names.map((name, index) => ({
                name,
                color: ["orange.6", "indigo.5", "grape.6"][index] ?? "gray.6",
                strokeDasharray: ["6 3", "2 3", "8 3 2 3"][index] ?? "4 4",
              })),
            ]}
            {...(Number(cost) > 0
              ? {
                  referenceLines: [
                    {
                      y: Number(cost),
                      label: t("value.costLine", { cost: money(cost, cohorts.currency) }),
                      color: dark ? "orange.4" : "orange.9",
                      labelPosition: "insideBottomRight" as const,
                    },
                  ],
                }
              : {})}
          />
        </div>
      </ChartOrTable>
    </>
  );
}
