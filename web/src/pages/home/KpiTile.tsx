import { Box, Group, Paper, Skeleton, Text } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { metric, metrics } from "../../api/queries";
import type { MetricAnswer, MetricQuestion } from "../../api/types";
import { Failure } from "../../components/Failure";
import { valueOf } from "../../components/values";
import { FigureMenu } from "../../components/figure/FigureMenu";
import { Sparkline } from "../../components/Sparkline";
import { useSpeech, type Speech } from "../../i18n";
import { useView } from "../../state/view";

export interface Kpi {
  metric: string;
  /** Whether more of it is good. */
  rise: "good" | "bad";
  interval?: "month";
  /** Days after the first order, of metrics that have an age. */
  age?: number;
}

export function KpiTile({ kpi }: { kpi: Kpi }) {
  const speech = useSpeech();
  const view = useView();
  const known = useQuery(metrics).data?.find((one) => one.id === kpi.metric);
  const question: MetricQuestion = {
    as_of: view.asOf,
    ...(view.from === undefined ? {} : { from: view.from, compare: view.compare }),
    ...(known?.has_basis ? { basis: view.basis } : {}),
    ...(kpi.interval && view.from !== undefined ? { interval: kpi.interval } : {}),
    ...(kpi.age === undefined ? {} : { age_days: kpi.age }),
    ...(view.segment === undefined ? {} : { segment: view.segment }),
  };
  const query = useQuery({ ...metric(kpi.metric, question), enabled: known !== undefined });
  const title =
    kpi.age === undefined ? (known?.names[speech.language] ?? kpi.metric) : speech.t("home.atAge", { days: kpi.age });
  return (
    <Paper className="card" p="md" component="section" aria-label={title}>
      <Text size="sm" className="quiet">
        {title}
      </Text>
      {query.isError ? (
        <Failure error={query.error} />
      ) : !query.data ? (
        <Skeleton height={74} mt="xs" />
      ) : (
        <Filled kpi={kpi} answer={query.data} title={title} question={question} speech={speech} />
      )}
    </Paper>
  );
}

function Filled(props: { kpi: Kpi; answer: MetricAnswer; title: string; question: MetricQuestion; speech: Speech }) {
  const { kpi, answer, title, question, speech } = props;
  const value = valueOf(answer, answer.value, speech);
  // The first stretch may begin in the middle of a month: it says nothing of how things go.
  const all = answer.series?.steps ?? [];
  const steps = all[0]?.complete === false ? all.slice(1) : all;
  const numbers = steps.map((step) => (step.value === null || step.value === undefined ? null : Number(step.value)));
  return (
    <>
      <Group justify="space-between" align="flex-end" wrap="nowrap" gap="xs">
        <FigureMenu
          figure={{
            metric: kpi.metric,
            title,
            question,
            row: { metric: kpi.metric, from: answer.from ?? null, until: answer.until, value: answer.value ?? null },
          }}
        >
          <Text fz={28} fw={650} lh={1.3} className={`numbers ${answer.small ? "quiet" : ""}`} component="span">
            {value}
          </Text>
        </FigureMenu>
        <Change kpi={kpi} answer={answer} speech={speech} />
      </Group>
      <Box mt={6} mih={40}>
        {numbers.length > 1 && (
          <Sparkline
            values={numbers}
            lastIsComplete={steps.at(-1)?.complete ?? true}
            label={speech.t("home.sparkline", {
              figure: title,
              first: valueOf(answer, steps[0]?.value, speech),
              last: valueOf(answer, steps.at(-1)?.value, speech),
            })}
          />
        )}
      </Box>
      {(answer.small || !answer.complete) && (
        <Text size="xs" className="quiet">
          {answer.small ? speech.t("figure.small", { n: answer.n }) : speech.t("figure.incomplete")}
        </Text>
      )}
    </>
  );
}

/** How it was before: an arrow, the change, and whether that is good, in words and not by colour alone. */
function Change({ kpi, answer, speech }: { kpi: Kpi; answer: MetricAnswer; speech: Speech }) {
  const before = answer.comparison;
  if (!before || before.ratio === null || before.ratio === undefined) return null;
  const change = before.ratio - 1;
  if (Math.abs(change) < 0.0005) {
    return (
      <Text size="sm" className="quiet numbers">
        =
      </Text>
    );
  }
  const isGood = change > 0 === (kpi.rise === "good");
  const text = `${change > 0 ? "▲" : "▼"} ${speech.share(Math.abs(change))}`;
  const words = speech.t(isGood ? "home.better" : "home.worse", {
    from: speech.day(before.from),
    until: speech.day(before.until),
  });
  return (
    <Text
      size="sm"
      fw={600}
      className={`numbers ${isGood ? "good" : "bad"}`}
      title={words}
      aria-label={`${text}, ${words}`}
    >
      {text}
    </Text>
  );
}
