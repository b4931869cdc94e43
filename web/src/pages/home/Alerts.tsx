import { Badge, Group, Stack, Text } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { problems } from "../../api/queries";
import { Answered } from "../../components/Answered";
import { Section } from "../../components/Section";
import { useSpeech } from "../../i18n";
import { useView } from "../../state/view";

/** What goes wrong, compared with what is usual in this shop. */
export function Alerts() {
  const { t, maybe, money } = useSpeech();
  const view = useView();
  const query = useQuery(problems({ as_of: view.asOf }));
  return (
    <Section title={t("alerts.title")} hint={t("alerts.hint")}>
      <Answered query={query} height={80}>
        {(answer) => (
          <Stack gap="md">
            {answer.found.length === 0 && <Text className="quiet">{t("alerts.none")}</Text>}
            {answer.found.map((problem) => (
              <div key={problem.rule}>
                <Group gap="xs">
                  <Text fw={600}>{maybe(`rule.${problem.rule}`, problem.title)}</Text>
                  <Badge variant="light" size="sm" tt="none">
                    {maybe(`stage.${problem.stage}`, problem.stage)}
                  </Badge>
                  {problem.at_stake && (
                    <Text size="sm" className="numbers bad">
                      {t("alerts.atStake", { value: money(problem.at_stake, answer.currency, 0) })}
                    </Text>
                  )}
                </Group>
                <Text size="sm" className="quiet" component="bdi" lang="en">
                  {problem.evidence}
                </Text>
              </div>
            ))}
            <Text size="xs" className="quiet">
              {t("alerts.checked", {
                fine: answer.checked.filter((one) => one.outcome === "fine").length,
                unclear: answer.checked.filter((one) => one.outcome === "too_little").length,
              })}
            </Text>
          </Stack>
        )}
      </Answered>
    </Section>
  );
}
