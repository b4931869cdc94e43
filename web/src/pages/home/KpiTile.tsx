import { Box, Group, Skeleton, Text } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { metric, metrics, payback } from "../../api/queries";
import type { MetricAnswer, MetricQuestion } from "../../api/types";
import { Failure } from "../../components/Failure";
import { FigureMenu } from "../../components/figure/FigureMenu";
import { NoCosts } from "../../components/NoCosts";
import { Sparkline } from "../../components/Sparkline";
import { valueOf } from "../../components/values";
import { useSpeech, type Speech } from "../../i18n";
import { intervalOf, useView } from "../../state/view";
import { hasCosts } from "../value/payback";
import { Change } from "./Change";
import { Tile, TileValue } from "./Tile";

export interface Kpi {
  metric: string;
  /** Whether more of it is good. */
  rise: "good" | "bad";
  /** Days after the first order, of metrics that have an age. */
  age?: number;
  /** Whether it means nothing in a shop whose costs are not known. */
  needsCosts?: boolean;
}

export function KpiTile({ kpi }: { kpi: Kpi }) {
  const speech = useSpeech();
  const view = useView();
  const known = useQuery(metrics).data?.find((one) => one.id === kpi.metric);
  const question: MetricQuestion = {
    as_of: view.asOf,
    ...(view.from === undefined ? {} : { from: view.from, interval: intervalOf(view.from, view.asOf) }),
    ...(view.compare === undefined ? {} : { compare: view.compare }),
    ...(known?.has_basis ? { basis: view.basis } : {}),
    ...(kpi.age === undefined ? {} : { age_days: kpi.age }),
    ...(view.segment === undefined ? {} : { segment: view.segment }),
  };
  const query = useQuery({ ...metric(kpi.metric, question), enabled: known !== undefined });
  const costs = useQuery({
    ...payback({ as_of: view.asOf, basis: view.basis, segment: view.segment }),
    enabled: kpi.needsCosts === true,
  });
  const title =
    kpi.age === undefined ? (known?.names[speech.language] ?? kpi.metric) : speech.t("home.atAge", { days: kpi.age });
  const failed = query.error ?? costs.error;
  const isThere = query.data !== undefined && (!kpi.needsCosts || costs.data !== undefined);
  return (
    <Tile title={title}>
      {failed ? (
        <Failure error={failed} />
      ) : !isThere ? (
        <Skeleton height={74} mt="xs" aria-busy />
      ) : kpi.needsCosts && costs.data && !hasCosts(costs.data) ? (
        <NoCosts />
      ) : (
        <Filled kpi={kpi} answer={query.data} title={title} question={question} speech={speech} />
      )}
    </Tile>
  );
}

function Filled(props: { kpi: Kpi; answer: MetricAnswer; title: string; question: MetricQuestion; speech: Speech }) {
  const { kpi, answer, title, question, speech } = props;
  // The first stretch may begin in the middle of a month: it says nothing of how things go.
  const all = answer.series?.steps ?? [];
  const steps = all[0]?.complete === false ? all.slice(1) : all;
  const numbers = steps.map((step) => (step.value === null || step.value === undefined ? null : Number(step.value)));
  return (
    <>
      <Group justify="space-between" align="baseline" gap={4}>
        <FigureMenu
          figure={{
            metric: kpi.metric,
            title,
            question,
            row: { metric: kpi.metric, from: answer.from ?? null, until: answer.until, value: answer.value ?? null },
          }}
        >
          <TileValue small={answer.small}>{valueOf(answer, answer.value, speech)}</TileValue>
        </FigureMenu>
        <Change answer={answer} rise={kpi.rise} />
      </Group>
      <Box mt={6} mih={40}>
        {numbers.length > 1 && (
          <Sparkline
            values={numbers}
            lastIsComplete={steps.at(-1)?.complete ?? true}
            label={speech.t(`home.sparkline.${intervalOf(question.from, answer.until)}`, {
              figure: title,
              first: valueOf(answer, steps[0]?.value, speech),
              last: valueOf(answer, steps.at(-1)?.value, speech),
            })}
          />
        )}
      </Box>
      {(answer.small || !answer.complete) && (
        <Text size="xs" className="quiet">
          {answer.n === 0
            ? speech.t(kpi.age === undefined ? "figure.nobody" : "figure.tooYoung", { days: kpi.age ?? 0 })
            : answer.small
              ? speech.t("figure.small", { n: answer.n })
              : speech.t("figure.incomplete")}
        </Text>
      )}
    </>
  );
}
