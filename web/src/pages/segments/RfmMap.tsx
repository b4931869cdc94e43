import { useQuery } from "@tanstack/react-query";
import { rfm } from "../../api/queries";
import type { Definition } from "../../api/types";
import { Answered } from "../../components/Answered";
import { HeatTable, type HeatRow } from "../../components/HeatTable";
import { Section } from "../../components/Section";
import { useSpeech } from "../../i18n";
import { useView } from "../../state/view";

const SCORES = [1, 2, 3, 4, 5];

/** The customers of two scores. */
const of = (recency: number, frequency: number): Definition => ({
  all: [
    { figure: { name: "recency_score", at_least: recency, at_most: recency } },
    { figure: { name: "frequency_score", at_least: frequency, at_most: frequency } },
  ],
});

/** How many customers bought how lately and how often: the best stand in one corner, those who are gone in the other. */
export function RfmMap() {
  const { t, number } = useSpeech();
  const view = useView();
  const query = useQuery(rfm({ as_of: view.asOf, segment: view.segment }));
  return (
    <Section title={t("rfm.title")} hint={t("rfm.hint")}>
      <Answered query={query}>
        {(answer) => {
          const count = (recency: number, frequency: number) =>
            answer.groups
              .filter((group) => group.scores.startsWith(`${recency}${frequency}`))
              .reduce((sum, group) => sum + group.customers, 0);
          const rows: HeatRow[] = SCORES.toReversed().map((frequency) => ({
            key: String(frequency),
            label: t("rfm.frequency", { score: frequency }),
            note: number(SCORES.reduce((sum, recency) => sum + count(recency, frequency), 0)),
            small: false,
            cells: SCORES.map((recency) => {
              const customers = count(recency, frequency);
              return {
                value: customers,
                text: number(customers),
                complete: true,
                customers: customers > 0 ? of(recency, frequency) : null,
              };
            }),
          }));
          return (
            <HeatTable
              label={t("rfm.title")}
              first={t("rfm.often")}
              second={t("table.customers")}
              columns={SCORES.map((recency) => ({
                key: String(recency),
                content: t("rfm.recency", { score: recency }),
              }))}
              rows={rows}
            />
          );
        }}
      </Answered>
    </Section>
  );
}
