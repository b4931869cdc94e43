import "@mantine/charts/styles.css";

import { BarChart } from "@mantine/charts";
import type { Flow } from "../../api/types";
import { ChartOrTable } from "../../components/ChartOrTable";
import { useSpeech } from "../../i18n";
import type { Step } from "./FlowSection";

/** Who bought in each step, by where they came from; below the line who did not buy any more. */
export default function Flows({ flow, step }: { flow: Flow[]; step: Step }) {
  const { t, day, number } = useSpeech();
  const name = (one: Flow) => day(one.start, step === "month" ? "month" : "short") + (one.complete ? "" : " *");
  const data = flow.map((one) => ({
    step: name(one),
    [t("flow.new")]: one.new,
    [t("flow.returning")]: one.returning,
    [t("flow.resurrected")]: one.resurrected,
    [t("flow.dormant")]: -one.dormant,
  }));
  const last = flow.filter((one) => one.complete).at(-1);
  return (
    <>
      {last && (
        <p className="quiet" style={{ marginBlockStart: 0 }}>
          {t(step === "month" ? "flow.summary" : "flow.summaryWeek", {
            month: day(last.start, step === "month" ? "month" : "short"),
            new: number(last.new),
            returning: number(last.returning),
            resurrected: number(last.resurrected),
            dormant: number(last.dormant),
          })}
        </p>
      )}
      <ChartOrTable
        label={t("lifecycle.flow")}
        columns={[
          t(step === "month" ? "table.month" : "lifecycle.week"),
          t("flow.new"),
          t("flow.returning"),
          t("flow.resurrected"),
          t("flow.dormant"),
        ]}
        rows={flow
          .toReversed()
          .map((one) => [
            name(one),
            ...[one.new, one.returning, one.resurrected, one.dormant].map((count) => number(count)),
          ])}
      >
        {/* Time runs from left to right in every language. */}
        <div dir="ltr">
          <BarChart
            h={300}
            data={data}
            dataKey="step"
            type="stacked"
            barChartProps={{ stackOffset: "sign" }}
            withLegend
            legendProps={{ itemSorter: null }}
            valueFormatter={(value) => number(Math.abs(value))}
            series={[
              { name: t("flow.new"), color: "clove.7" },
              { name: t("flow.returning"), color: "indigo.5" },
              { name: t("flow.resurrected"), color: "orange.6" },
              { name: t("flow.dormant"), color: "gray.5" },
            ]}
          />
        </div>
      </ChartOrTable>
      {flow.some((one) => !one.complete) && (
        <p className="quiet" style={{ marginBlock: 0 }}>
          * {t("figure.incomplete")}
        </p>
      )}
    </>
  );
}
