import { Progress, SimpleGrid, Stack, Table, Text } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { contactStages } from "../../api/queries";
import { Answered } from "../../components/Answered";
import { Scrolls } from "../../components/Scrolls";
import { Section } from "../../components/Section";
import { SectionMenu } from "../../components/SectionMenu";
import { useSpeech } from "../../i18n";
import { useView } from "../../state/view";

/** Weeks shown. */
const WEEKS = 12;

/** How far contacts have come, visitors without a name included: from being there to speaking of the shop, and who came how far each week. */
export function ContactStages() {
  const { t, number, share, day } = useSpeech();
  const view = useView();
  const query = useQuery(contactStages({ as_of: view.asOf, period: "week" }));
  return (
    <Section title={t("contacts.title")} hint={t("contacts.hint")}>
      <Answered query={query} height={240}>
        {(answer) => (
          <SimpleGrid cols={{ base: 1, lg: 2 }} spacing="xl">
            <Stack gap="sm">
              {answer.stages.map((stage) => (
                <div key={stage.stage}>
                  <Text size="sm" className="numbers" mb={2}>
                    <b>{t(`stage.${stage.stage}` as "stage.awareness")}</b>
                    {": "}
                    {t("contacts.standing", {
                      number: number(stage.standing.numerator),
                      share: share(stage.standing.value, 0),
                    })}
                  </Text>
                  <Progress
                    value={(stage.standing.value ?? 0) * 100}
                    size="sm"
                    aria-label={t(`stage.${stage.stage}` as "stage.awareness")}
                  />
                  <Text size="xs" className="quiet numbers" mt={2}>
                    {t(`contactRule.${stage.stage}` as "contactRule.awareness")}
                    {stage.went_on?.value != null && (
                      <> · {t("contacts.wentOn", { share: share(stage.went_on.value, 0) })}</>
                    )}
                  </Text>
                </div>
              ))}
            </Stack>
            <div>
              <Text size="sm" fw={600} mb="xs">
                {t("contacts.flow")}
              </Text>
              <Scrolls label={t("contacts.flow")} minWidth={520}>
                <Table fz="sm" className="numbers" horizontalSpacing="xs" verticalSpacing={4}>
                  <Table.Thead>
                    <Table.Tr>
                      <Table.Th>{t("contacts.week")}</Table.Th>
                      {answer.stages.map((stage) => (
                        <Table.Th key={stage.stage} ta="end">
                          {t(`stage.${stage.stage}` as "stage.awareness")}
                        </Table.Th>
                      ))}
                    </Table.Tr>
                  </Table.Thead>
                  <Table.Tbody>
                    {answer.flow.slice(-WEEKS).map((week) => (
                      <Table.Tr key={week.start}>
                        <Table.Td style={{ whiteSpace: "nowrap" }}>
                          {day(week.start)}
                          {!week.complete && " *"}
                        </Table.Td>
                        {week.reached.map((count, stage) => (
                          <Table.Td key={answer.stages[stage]?.stage ?? stage} ta="end">
                            {number(count)}
                          </Table.Td>
                        ))}
                      </Table.Tr>
                    ))}
                  </Table.Tbody>
                </Table>
              </Scrolls>
              <Text size="xs" className="quiet">
                {t("figure.incompleteNote")}
              </Text>
              <SectionMenu
                name="contact-stages"
                request={`/contact-stages?as_of=${answer.as_of}&period=week`}
                rows={answer.flow.map((week) => ({
                  start: week.start,
                  ...Object.fromEntries(answer.stages.map((stage, at) => [stage.stage, week.reached[at] ?? 0])),
                }))}
              />
            </div>
          </SimpleGrid>
        )}
      </Answered>
    </Section>
  );
}
