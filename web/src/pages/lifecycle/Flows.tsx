import "@mantine/charts/styles.css";

import { BarChart } from "@mantine/charts";
import type { Flow } from "../../api/types";
import { useSpeech } from "../../i18n";

/** Months shown at most. */
const MOST = 24;

/** Who bought in each month, by where they came from; below the line who did not buy any more. */
export default function Flows({ flow }: { flow: Flow[] }) {
  const { t, day, number } = useSpeech();
  const shown = flow.slice(-MOST);
  const data = shown.map((step) => ({
    month: day(step.start, "month") + (step.complete ? "" : " *"),
    [t("flow.new")]: step.new,
    [t("flow.returning")]: step.returning,
    [t("flow.resurrected")]: step.resurrected,
    [t("flow.dormant")]: -step.dormant,
  }));
  const last = shown.filter((step) => step.complete).at(-1);
  return (
    <>
      {last && (
        <p className="quiet" style={{ marginBlockStart: 0 }}>
          {t("flow.summary", {
            month: day(last.start, "month"),
            new: number(last.new),
            returning: number(last.returning),
            resurrected: number(last.resurrected),
            dormant: number(last.dormant),
          })}
        </p>
      )}
      <div dir="ltr">
        <BarChart
          h={300}
          data={data}
          dataKey="month"
          type="stacked"
          barChartProps={{ stackOffset: "sign" }}
          withLegend
          valueFormatter={(value) => number(Math.abs(value))}
          series={[
            { name: t("flow.new"), color: "clove.7" },
            { name: t("flow.returning"), color: "indigo.5" },
            { name: t("flow.resurrected"), color: "orange.6" },
            { name: t("flow.dormant"), color: "gray.5" },
          ]}
        />
      </div>
      {shown.some((step) => !step.complete) && (
        <p className="quiet" style={{ marginBlockEnd: 0 }}>
          * {t("figure.incomplete")}
        </p>
      )}
    </>
  );
}
