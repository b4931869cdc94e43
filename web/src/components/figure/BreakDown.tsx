import { Select, Stack, Table, Text } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { ApiProblem } from "../../api/client";
import { metric as metricOf } from "../../api/queries";
import type { MetricAnswer, MetricQuestion } from "../../api/types";
import { useSpeech } from "../../i18n";
import { Answered } from "../Answered";
import { CustomersLink } from "../CustomersLink";
import { SectionMenu } from "../SectionMenu";
import { valueOf } from "../values";
import { customersOf, type Figure } from "./figure";

const COLUMNS = ["channel", "first_product", "country", "category", "cohort", "order_kind", "discount_code"] as const;
type Column = (typeof COLUMNS)[number];

/** A figure by groups of customers or orders. */
export function BreakDown({ figure }: { figure: Figure }) {
  const { t } = useSpeech();
  const [by, setBy] = useState<Column>("channel");
  const question: MetricQuestion = { ...figure.question, interval: undefined, compare: undefined, by };
  const query = useQuery(metricOf(figure.metric, question));
  // Columns are those of the shop's orders: not every shop has all.
  const isMissing = query.error instanceof ApiProblem && query.error.status === 422;
  return (
    <Stack>
      <Select
        label={t("figure.by")}
        value={by}
        allowDeselect={false}
        onChange={(value) => value && setBy(value as Column)}
        data={COLUMNS.map((value) => ({ value, label: t(`by.${value}`) }))}
      />
      {isMissing ? (
        <Text className="quiet">{t("figure.noColumn")}</Text>
      ) : (
        <Answered query={query}>{(answer) => <Groups {...{ answer, by, figure: { ...figure, question } }} />}</Answered>
      )}
    </Stack>
  );
}

function Groups({ answer, by, figure }: { answer: MetricAnswer; by: Column; figure: Figure }) {
  const speech = useSpeech();
  const { t } = speech;
  const groups = answer.breakdown?.groups ?? [];
  return (
    <>
      <SectionMenu
        name={`${figure.metric}-${by}`}
        rows={groups.map(({ group, value, n }) => ({ [by]: group, value: value ?? null, n }))}
      />
      <Table className="numbers" fz="sm">
        <Table.Thead>
          <Table.Tr>
            <Table.Th>{t(`by.${by}`)}</Table.Th>
            <Table.Th ta="end">{t("table.value")}</Table.Th>
            <Table.Th ta="end">n</Table.Th>
          </Table.Tr>
        </Table.Thead>
        <Table.Tbody>
          {groups.map((group) => {
            const name =
              group.group === "unknown" ? t("unknown") : speech.maybe(`orderKind.${group.group}`, group.group);
            return (
              <Table.Tr key={group.group} className={group.small ? "quiet" : ""}>
                <Table.Td>
                  <CustomersLink of={customersOf({ ...figure, group: group.group })}>
                    <bdi>{name}</bdi>
                  </CustomersLink>
                </Table.Td>
                <Table.Td ta="end">{valueOf(answer, group.value, speech)}</Table.Td>
                <Table.Td ta="end">{speech.number(group.n)}</Table.Td>
              </Table.Tr>
            );
          })}
        </Table.Tbody>
      </Table>
      {answer.breakdown && answer.breakdown.groups_left_out > 0 && (
        <Text size="sm" className="quiet">
          {t("figure.moreGroups", { count: answer.breakdown.groups_left_out })}
        </Text>
      )}
    </>
  );
}
