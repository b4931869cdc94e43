import { useQuery } from "@tanstack/react-query";
import { migration } from "../../api/queries";
import { Answered } from "../../components/Answered";
import { HeatTable, type HeatRow } from "../../components/HeatTable";
import { Section } from "../../components/Section";
import { SectionMenu } from "../../components/SectionMenu";
import { useSpeech } from "../../i18n";
import { useView } from "../../state/view";

/** Those who were no customers on the first day. */
const NONE = "none";

/** Who moved between active, at risk and lapsed in the last 90 days. */
export function MigrationSection() {
  const { t, maybe, number, share, day } = useSpeech();
  const view = useView();
  const query = useQuery(migration({ as_of: view.asOf, by: "stage" }));
  return (
    <Section
      title={t("migration.title")}
      {...(query.data
        ? { hint: t("migration.hint", { from: day(query.data.from), until: day(query.data.until) }) }
        : {})}
    >
      <Answered query={query}>
        {(answer) => {
          const nameOf = (place: string) => (place === NONE ? t("migration.new") : maybe(`stage.${place}`, place));
          const to = answer.places.filter((place) => place !== NONE);
          const rows: HeatRow[] = answer.places.map((from) => {
            const cells = to.map((place) => answer.cells.find((cell) => cell.from === from && cell.to === place));
            return {
              key: from,
              label: nameOf(from),
              note: number(cells.find((cell) => cell)?.customers.denominator ?? 0),
              small: cells.some((cell) => cell?.customers.small),
              cells: cells.map((cell) => ({
                value: cell?.customers.value ?? null,
                text: cell ? `${number(cell.customers.numerator)} · ${share(cell.customers.value, 0)}` : "",
                complete: true,
              })),
            };
          });
          return (
            <>
              <HeatTable
                label={t("migration.title")}
                first={t("migration.from")}
                second={t("table.customers")}
                columns={to.map((place) => ({ key: place, content: nameOf(place) }))}
                rows={rows}
              />
              <SectionMenu
                name="migration"
                request={`/migration?as_of=${answer.until}&from=${answer.from}&by=stage`}
                rows={answer.cells.map(({ from, to: place, customers, value }) => ({
                  from,
                  to: place,
                  customers: customers.numerator,
                  value,
                }))}
              />
            </>
          );
        }}
      </Answered>
    </Section>
  );
}
