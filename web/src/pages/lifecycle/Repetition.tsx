import { Progress, SimpleGrid, Stack, Text } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { repeat } from "../../api/queries";
import type { Definition } from "../../api/types";
import { Answered } from "../../components/Answered";
import { CustomersLink } from "../../components/CustomersLink";
import { Section } from "../../components/Section";
import { useSpeech } from "../../i18n";
import { useView } from "../../state/view";

/** Who bought so often: `0` to `4`, or `5+`. */
function customersOf(purchases: string): Definition {
  const count = Number.parseInt(purchases, 10);
  const name = "purchases";
  return { figure: purchases.endsWith("+") ? { name, at_least: count } : { name, at_least: count, at_most: count } };
}

/** How many come back, how soon, how often. */
export function Repetition() {
  const { t, share, number } = useSpeech();
  const view = useView();
  const query = useQuery(repeat({ as_of: view.asOf }));
  return (
    <Section title={t("repeat.title")}>
      <Answered query={query} height={160}>
        {(answer) => {
          const all = answer.by_purchases.reduce((sum, row) => sum + row.customers, 0);
          const { median, p25, p75 } = answer.gaps;
          return (
            <SimpleGrid cols={{ base: 1, md: 2 }} spacing="xl">
              <Stack gap="xs">
                {answer.buys_again.value !== null && (
                  <Text className={answer.buys_again.small ? "quiet" : ""}>
                    {t("repeat.again", {
                      share: share(answer.buys_again.value, 0),
                      number: number(answer.buys_again.denominator),
                    })}
                  </Text>
                )}
                {median !== null && p25 !== null && p75 !== null && (
                  <Text>
                    {t("repeat.gap", { median: Math.round(median), low: Math.round(p25), high: Math.round(p75) })}
                  </Text>
                )}
                {answer.returning_customer_rate.value !== null && (
                  <Text>{t("repeat.returning", { share: share(answer.returning_customer_rate.value, 0) })}</Text>
                )}
              </Stack>
              <Stack gap="xs">
                {answer.by_purchases.map((row) => (
                  <div key={row.purchases}>
                    <Text size="sm" className="numbers" mb={2}>
                      <CustomersLink of={customersOf(row.purchases)}>
                        {t("repeat.purchases", { purchases: row.purchases })}
                      </CustomersLink>
                      {": "}
                      {number(row.customers)} ({share(all > 0 ? row.customers / all : null, 0)})
                    </Text>
                    <Progress
                      value={all > 0 ? (row.customers / all) * 100 : 0}
                      size="sm"
                      aria-label={t("repeat.purchases", { purchases: row.purchases })}
                    />
                  </div>
                ))}
              </Stack>
            </SimpleGrid>
          );
        }}
      </Answered>
    </Section>
  );
}
