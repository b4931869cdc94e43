import { Badge, Group, Stack, Text } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { problems } from "../../api/queries";
import type { Problem } from "../../api/types";
import { Answered } from "../../components/Answered";
import { CustomersLink } from "../../components/CustomersLink";
import { Section } from "../../components/Section";
import { useSpeech } from "../../i18n";
import { useView } from "../../state/view";
import { evidenceOf } from "./evidence";

/** What goes wrong, compared with what is usual in this shop, and what to do about it. */
export function Alerts() {
  const { t } = useSpeech();
  const view = useView();
  const query = useQuery(problems({ as_of: view.asOf }));
  return (
    <Section title={t("alerts.title")} hint={t("alerts.hint")}>
      <Answered query={query} height={80}>
        {(answer) => (
          <Stack gap="lg">
            {answer.found.length === 0 && <Text className="quiet">{t("alerts.none")}</Text>}
            {answer.found.map((problem) => (
              <Alert key={problem.rule} problem={problem} currency={answer.currency} />
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

function Alert({ problem, currency }: { problem: Problem; currency: string }) {
  const speech = useSpeech();
  const { t, maybe, money, number } = speech;
  const evidence = evidenceOf(problem, currency, speech);
  const own = evidence.isOwn ? {} : { lang: "en" };
  return (
    <div>
      <Group gap="xs">
        <Text fw={600} component="h3" m={0} fz="md">
          {maybe(`rule.${problem.rule}`, problem.title)}
        </Text>
        <Badge variant="light" size="sm" tt="none">
          {maybe(`stage.${problem.stage}`, problem.stage)}
        </Badge>
        {problem.at_stake && (
          <Text size="sm" fw={500} className="numbers bad">
            {t("alerts.atStake", { value: money(problem.at_stake, currency, 0) })}
          </Text>
        )}
      </Group>
      <Text size="sm" className="numbers" mt={2}>
        <bdi {...own}>{evidence.text}</bdi>
      </Text>
      <Text size="sm" className="quiet" mt={2}>
        <bdi {...own}>{maybe(`remedy.${problem.rule}`, problem.action)}</bdi>
      </Text>
      {problem.segment && (
        <Text size="sm" mt={2}>
          <CustomersLink of={problem.segment}>
            {typeof problem.reach === "number"
              ? t("alerts.see", { count: problem.reach, number: number(problem.reach) })
              : t("actions.who")}
          </CustomersLink>
        </Text>
      )}
    </div>
  );
}
