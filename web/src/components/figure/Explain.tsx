import { Code, Stack, Table, Text } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { post } from "../../api/client";
import { metrics } from "../../api/queries";
import type { MoneyPer } from "../../api/types";
import { useSpeech } from "../../i18n";
import { Answered } from "../Answered";
import { Scrolls } from "../Scrolls";
import type { Figure } from "./figure";

/** What the server tells of how a value comes about. */
interface Explanation {
  currency: string;
  excluded: { reason: string; orders: number; placed: string }[];
  definitions_compared: { name: string; how: string; value: MoneyPer }[];
  identified_share: { value: number | null };
  sql: string;
  samples: Record<string, unknown>[];
}

/** How a figure comes about: what it means, what is left out, its SQL, some orders, and why other software shows another one. */
export function Explain({ figure }: { figure: Figure }) {
  const { t } = useSpeech();
  // Explanations are of the one figure of all customers.
  const { as_of, basis, from, until, refund_date, age_days } = figure.question;
  const parts = { as_of, basis, from, until, refund_date, age_days };
  const asked = Object.fromEntries(Object.entries(parts).filter(([, value]) => value !== undefined));
  const query = useQuery({
    queryKey: ["explain", figure.metric, asked],
    queryFn: ({ signal }) => post<Explanation>(`/metrics/${figure.metric}/explain`, asked, signal),
  });
  const known = useQuery(metrics).data?.find((one) => one.id === figure.metric);
  return (
    <Stack>
      {figure.question.segment !== undefined && <Text size="sm">{t("explain.everybody")}</Text>}
      {known && (
        <>
          <Fact label={t("explain.definition")} text={known.definition} />
          <Fact label={t("explain.population")} text={known.population} />
          <Heading text={t("explain.formula")} />
          <Code block lang="en" dir="ltr">
            {known.formula}
          </Code>
          <Fact label={t("explain.shopify")} text={known.why_shopify_differs} />
        </>
      )}
      <Answered query={query}>
        {(answer) => (
          <>
            <Excluded answer={answer} />
            <Others answer={answer} />
            {answer.samples.length > 0 && <Samples rows={answer.samples} />}
            <Heading text={t("explain.sql")} />
            <Code block lang="en" dir="ltr">
              {answer.sql}
            </Code>
          </>
        )}
      </Answered>
    </Stack>
  );
}

function Heading({ text }: { text: string }) {
  return (
    <Text size="sm" fw={600} component="h3" m={0}>
      {text}
    </Text>
  );
}

/** A sentence of the catalogue, which is in English. */
function Fact({ label, text }: { label: string; text: string }) {
  return (
    <div>
      <Heading text={label} />
      <Text size="sm" lang="en" dir="ltr">
        {text}
      </Text>
    </div>
  );
}

function Excluded({ answer }: { answer: Explanation }) {
  const { t, maybe, number, money } = useSpeech();
  const rows = answer.excluded.filter((row) => row.orders > 0);
  if (rows.length === 0) return null;
  return (
    <div>
      <Heading text={t("data.leftOut")} />
      <Table fz="sm" className="numbers">
        <Table.Tbody>
          {rows.map((row) => (
            <Table.Tr key={row.reason}>
              <Table.Td>{maybe(`excluded.${row.reason}`, row.reason)}</Table.Td>
              <Table.Td ta="end">{number(row.orders)}</Table.Td>
              <Table.Td ta="end">{money(row.placed, answer.currency, 0)}</Table.Td>
            </Table.Tr>
          ))}
        </Table.Tbody>
      </Table>
    </div>
  );
}

/** What a customer is worth by other definitions of value: most differences between programs are these. */
function Others({ answer }: { answer: Explanation }) {
  const { t, money } = useSpeech();
  if (answer.definitions_compared.length === 0) return null;
  return (
    <div>
      <Heading text={t("explain.others")} />
      <Table fz="sm" className="numbers">
        <Table.Tbody>
          {answer.definitions_compared.map((row) => (
            <Table.Tr key={row.name}>
              <Table.Td lang="en" dir="ltr">
                {row.name}
                <Text size="xs" className="quiet">
                  {row.how}
                </Text>
              </Table.Td>
              <Table.Td ta="end">{money(row.value.value, answer.currency)}</Table.Td>
            </Table.Tr>
          ))}
        </Table.Tbody>
      </Table>
    </div>
  );
}

function Samples({ rows }: { rows: Record<string, unknown>[] }) {
  const { t } = useSpeech();
  const columns = Object.keys(rows[0] ?? {}).slice(0, 6);
  return (
    <div>
      <Heading text={t("explain.samples")} />
      <Scrolls label={t("explain.samples")} minWidth={400}>
        <Table fz="xs" className="numbers" dir="ltr">
          <Table.Thead>
            <Table.Tr>
              {columns.map((name) => (
                <Table.Th key={name}>{name}</Table.Th>
              ))}
            </Table.Tr>
          </Table.Thead>
          <Table.Tbody>
            {rows.slice(0, 5).map((row, index) => (
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
