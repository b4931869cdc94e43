import { Stack, Table, Text } from "@mantine/core";
import { useQueries } from "@tanstack/react-query";
import { metric } from "../../api/queries";
import { useSpeech } from "../../i18n";
import { Failure } from "../Failure";
import { valueOf } from "../values";
import type { Figure } from "./figure";

const WITH = ["previous", "year"] as const;

/** A figure beside itself in the span before and a year before. */
export function CompareSpans({ figure }: { figure: Figure }) {
  const speech = useSpeech();
  const { t, day } = speech;
  const question = { ...figure.question, interval: undefined };
  const queries = useQueries({ queries: WITH.map((compare) => metric(figure.metric, { ...question, compare })) });
  const failed = queries.find((query) => query.isError)?.error;
  if (failed) return <Failure error={failed} />;
  const answers = queries.flatMap((query) => (query.data ? [query.data] : []));
  const [now] = answers;
  if (!now || answers.length < WITH.length) return <div aria-busy style={{ height: 160 }} />;
  const isYoung = answers.some((answer) => answer.comparison?.provisional);
  return (
    <Stack>
      <Table className="numbers" fz="sm">
        <Table.Thead>
          <Table.Tr>
            <Table.Th>{t("bar.span")}</Table.Th>
            <Table.Th ta="end">{t("table.value")}</Table.Th>
            <Table.Th ta="end">{t("table.change")}</Table.Th>
          </Table.Tr>
        </Table.Thead>
        <Table.Tbody>
          <Table.Tr fw={600}>
            <Table.Td>
              {now.from ? t("bar.dates", { from: day(now.from), until: day(now.until) }) : day(now.until)}
            </Table.Td>
            <Table.Td ta="end">{valueOf(now, now.value, speech)}</Table.Td>
            <Table.Td />
          </Table.Tr>
          {answers.map(({ comparison }, index) =>
            comparison ? (
              <Table.Tr key={WITH[index]}>
                <Table.Td>
                  {t(`compare.${WITH[index] ?? "year"}`)}
                  <Text size="xs" className="quiet">
                    {t("bar.dates", { from: day(comparison.from), until: day(comparison.until) })}
                  </Text>
                </Table.Td>
                <Table.Td ta="end">{valueOf(now, comparison.value, speech)}</Table.Td>
                <Table.Td ta="end">
                  {typeof comparison.ratio === "number" ? speech.signed(comparison.ratio - 1, "share", 1) : "–"}
                </Table.Td>
              </Table.Tr>
            ) : null,
          )}
        </Table.Tbody>
      </Table>
      {isYoung && (
        <Text size="sm" className="quiet">
          {t("figure.young")}
        </Text>
      )}
    </Stack>
  );
}
