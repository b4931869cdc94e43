import { Select, Text, VisuallyHidden, useComputedColorScheme } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { migration } from "../../api/queries";
import { Answered } from "../../components/Answered";
import { shade } from "../../components/HeatTable";
import { Section } from "../../components/Section";
import { SectionMenu } from "../../components/SectionMenu";
import { useSpeech } from "../../i18n";
import { useView } from "../../state/view";

const BY = ["stage", "recency_score", "frequency_score", "monetary_score"] as const;
type By = (typeof BY)[number];

/** Who moved between stages or scores in the last 90 days: a row for where they stood, a column for where they stand. */
export function Migration() {
  const { t, maybe, number, share, money, day } = useSpeech();
  const dark = useComputedColorScheme("light") === "dark";
  const view = useView();
  const [by, setBy] = useState<By>("stage");
  const query = useQuery(migration({ as_of: view.asOf, by }));
  const place = (name: string) => (name === "none" ? t("migration.none") : maybe(`stage.${name}`, name));
  return (
    <Section
      title={t("migration.title")}
      hint={t("migration.hint")}
      aside={
        <Select
          size="xs"
          w={170}
          allowDeselect={false}
          aria-label={t("migration.by")}
          value={by}
          onChange={(value) => value && setBy(value as By)}
          data={BY.map((value) => ({
            value,
            label: value === "stage" ? t("table.stage") : t(`figureName.${value}`),
          }))}
        />
      }
    >
      <Answered query={query} height={200}>
        {(answer) => {
          const cell = (from: string, to: string) => answer.cells.find((one) => one.from === from && one.to === to);
          return (
            <>
              <Text size="sm" className="quiet" mb="xs">
                {t("migration.span", { from: day(answer.from), until: day(answer.until), number: number(answer.n) })}
              </Text>
              <div className="scrolls" tabIndex={0} role="group" aria-label={t("migration.title")}>
                <table className="heat">
                  <thead>
                    <tr>
                      <th scope="col" style={{ textAlign: "start" }}>
                        {t("migration.from")}
                      </th>
                      {answer.places.map((to) => (
                        <th scope="col" key={to}>
                          <VisuallyHidden>{t("migration.to")} </VisuallyHidden>
                          {place(to)}
                        </th>
                      ))}
                    </tr>
                  </thead>
                  <tbody>
                    {answer.places.map((from) => (
                      <tr key={from}>
                        <th scope="row">{place(from)}</th>
                        {answer.places.map((to) => {
                          const one = cell(from, to);
                          if (!one) return <td key={to} />;
                          const title = one.value
                            ? t("migration.value", { value: money(one.value, answer.currency, 0) })
                            : undefined;
                          return (
                            <td
                              key={to}
                              title={title}
                              style={{ backgroundColor: shade(one.customers.value ?? 0, dark) }}
                            >
                              {number(one.customers.numerator)} ({share(one.customers.value, 0)})
                            </td>
                          );
                        })}
                      </tr>
                    ))}
                  </tbody>
                </table>
              </div>
              <SectionMenu
                name={`migration-${by}`}
                request={`/migration?as_of=${answer.until}&by=${by}`}
                rows={answer.cells.map((one) => ({
                  from: one.from,
                  to: one.to,
                  customers: one.customers.numerator,
                  share_of_from: one.customers.value,
                  value_between: one.value ?? null,
                }))}
              />
            </>
          );
        }}
      </Answered>
    </Section>
  );
}
