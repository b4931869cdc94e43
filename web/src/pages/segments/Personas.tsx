import { Badge, Group, Paper, SimpleGrid, Stack, Text } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { personas } from "../../api/queries";
import { Answered } from "../../components/Answered";
import { Section } from "../../components/Section";
import { SectionMenu } from "../../components/SectionMenu";
import { useSpeech } from "../../i18n";
import { useView } from "../../state/view";

/** Customers who buy alike: what sets each kind apart, how many they are, what they are worth and buy. */
export function Personas() {
  const { t, number, share, money } = useSpeech();
  const view = useView();
  const query = useQuery(personas({ as_of: view.asOf }));
  return (
    <Section title={t("personas.title")} hint={t("personas.hint")}>
      <Answered query={query} height={240}>
        {(answer) =>
          answer.personas.length === 0 ? (
            <Text className="quiet">{t("personas.few")}</Text>
          ) : (
            <>
              <SimpleGrid cols={{ base: 1, sm: 2, lg: 3 }}>
                {answer.personas.map((persona, at) => (
                  <Paper key={at} className="card" p="md">
                    <Stack gap={6}>
                      <Group gap={6}>
                        {persona.traits.length === 0 && <Text fw={600}>{t("personas.usual")}</Text>}
                        {persona.traits.map((one) => (
                          <Badge key={one.figure} variant="light" size="sm" tt="none">
                            {t(`persona.${one.figure}.${one.direction}` as "persona.purchases.high")}
                          </Badge>
                        ))}
                      </Group>
                      <Text className="numbers">
                        {t("personas.size", {
                          number: number(persona.customers.numerator),
                          share: share(persona.customers.value, 0),
                        })}
                      </Text>
                      <Text size="sm" className="quiet numbers">
                        {t("personas.worth", {
                          value: money(persona.value_per_customer.value, answer.currency, 0),
                          year: money(persona.clv_12m.value, answer.currency, 0),
                          share: share(persona.value_share ?? null, 0),
                        })}
                      </Text>
                      {persona.products.length > 0 && (
                        <Text size="sm" className="quiet">
                          {t("personas.products")} <bdi>{persona.products.map((one) => one.product).join(" · ")}</bdi>
                        </Text>
                      )}
                    </Stack>
                  </Paper>
                ))}
              </SimpleGrid>
              <SectionMenu
                name="personas"
                request={`/personas?as_of=${answer.as_of}`}
                rows={answer.personas.map((persona) => ({
                  persona: persona.words,
                  customers: persona.customers.numerator,
                  value_per_customer: persona.value_per_customer.value,
                  clv_12m: persona.clv_12m.value,
                }))}
              />
            </>
          )
        }
      </Answered>
    </Section>
  );
}
