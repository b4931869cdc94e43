import { Code, Drawer, Select, Stack, Table, Text } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { post } from "../api/client";
import { metric as metricOf, metrics } from "../api/queries";
import type { MetricQuestion } from "../api/types";
import { useSpeech } from "../i18n";
import { Answered } from "./Answered";
import { valueOf } from "./values";
import { Scrolls } from "./Scrolls";

export type Part = "explain" | "breakdown";

/** What the server tells of how a value comes about. */
interface Explanation {
  definition: string;
  formula: string;
  population: string;
  exclusions?: { reason: string; count: number; amount: string | null }[];
  why_shopify_differs?: string;
  sql: string;
  samples: Record<string, unknown>[];
  row_count: number;
}

export default function FigureDrawer(props: {
  metric: string;
  title: string;
  question: MetricQuestion;
  part: Part;
  onClose: () => void;
}) {
  const { title, part, onClose } = props;
  const { t, language } = useSpeech();
  return (
    <Drawer
      opened
      onClose={onClose}
      position={language === "ar" ? "left" : "right"}
      size="lg"
      title={t(part === "explain" ? "figure.explainTitle" : "figure.breakDownTitle", { figure: title })}
      closeButtonProps={{ "aria-label": t("close") }}
    >
      {part === "explain" ? <Explain {...props} /> : <BreakDown {...props} />}
    </Drawer>
  );
}

function Explain({ metric, question }: { metric: string; question: MetricQuestion }) {
  const { t } = useSpeech();
  // Explanations are of the one figure of all customers.
  const { as_of, basis, from, until, refund_date } = question;
  const asked = Object.fromEntries(Object.entries({ as_of, basis, from, until, refund_date }).filter(([, v]) => v));
  const query = useQuery({
    queryKey: ["explain", metric, asked],
    queryFn: ({ signal }) => post<Explanation>(`/metrics/${metric}/explain`, asked, signal),
  });
  const known = useQuery(metrics).data?.find((one) => one.id === metric);
  return (
    <Stack lang="en" dir="ltr">
      {known && (
        <>
          <Fact label={t("explain.definition")} text={known.definition} />
          <Fact label={t("explain.population")} text={known.population} />
          <Text size="sm" fw={600} component="h3">
            {t("explain.formula")}
          </Text>
          <Code block>{known.formula}</Code>
          <Fact label={t("explain.shopify")} text={known.why_shopify_differs} />
        </>
      )}
      <Answered query={query}>
        {(answer) => (
          <>
            {answer.samples.length > 0 && <Samples rows={answer.samples} />}
            <Text size="sm" fw={600} component="h3">
              {t("explain.sql")}
            </Text>
            <Code block>{answer.sql}</Code>
          </>
        )}
      </Answered>
    </Stack>
  );
}

function Fact({ label, text }: { label: string; text: string }) {
  return (
    <div>
      <Text size="sm" fw={600} component="h3">
        {label}
      </Text>
      <Text size="sm">{text}</Text>
    </div>
  );
}

function Samples({ rows }: { rows: Record<string, unknown>[] }) {
  const { t } = useSpeech();
  const columns = Object.keys(rows[0] ?? {}).slice(0, 6);
  return (
    <div>
      <Text size="sm" fw={600} component="h3">
        {t("explain.samples")}
      </Text>
      <Scrolls label={t("explain.samples")} minWidth={400}>
        <Table fz="xs" className="numbers">
          <Table.Thead>
            <Table.Tr>
              {columns.map((name) => (
                <Table.Th key={name}>{name}</Table.Th>
              ))}
            </Table.Tr>
          </Table.Thead>
          <Table.Tbody>
            {rows.map((row, index) => (
              <Table.Tr key={index}>
                {columns.map((name) => (
                  <Table.Td key={name}>{String(row[name] ?? "")}</Table.Td>
                ))}
              </Table.Tr>
            ))}
          </Table.Tbody>
        </Table>
      </Scrolls>
    </div>
  );
}

const COLUMNS = ["channel", "country", "discount_code", "cohort"] as const;

function BreakDown({ metric, question }: { metric: string; question: MetricQuestion }) {
  const speech = useSpeech();
  const { t } = speech;
  const [by, setBy] = useState<string>("channel");
  const query = useQuery(metricOf(metric, { ...question, interval: undefined, compare: undefined, by }));
  return (
    <Stack>
      <Select
        label={t("figure.by")}
        value={by}
        allowDeselect={false}
        onChange={(value) => value && setBy(value)}
        data={COLUMNS.map((value) => ({ value, label: t(`by.${value}`) }))}
      />
      <Answered query={query}>
        {(answer) => (
          <Table className="numbers">
            <Table.Thead>
              <Table.Tr>
                <Table.Th>{t(`by.${by as (typeof COLUMNS)[number]}`)}</Table.Th>
                <Table.Th ta="end">{t("table.value")}</Table.Th>
                <Table.Th ta="end">n</Table.Th>
              </Table.Tr>
            </Table.Thead>
            <Table.Tbody>
              {(answer.breakdown?.groups ?? []).map((group) => (
                <Table.Tr key={String(group.group)} className={group.small ? "quiet" : ""}>
                  <Table.Td>
                    <bdi>{group.group ?? t("unknown")}</bdi>
                  </Table.Td>
                  <Table.Td ta="end">{valueOf(answer, group.value, speech)}</Table.Td>
                  <Table.Td ta="end">
                    {group.n === null || group.n === undefined ? "" : speech.number(group.n)}
                  </Table.Td>
                </Table.Tr>
              ))}
            </Table.Tbody>
          </Table>
        )}
      </Answered>
    </Stack>
  );
}
