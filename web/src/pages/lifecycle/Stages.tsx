import { Progress, Stack, Text } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { contactStages } from "../../api/queries";
import { Answered } from "../../components/Answered";
import { Section } from "../../components/Section";
import { SectionMenu } from "../../components/SectionMenu";
import { useSpeech } from "../../i18n";
import { useView } from "../../state/view";

/** How far contacts have come, from the first sight of them to those who recommend: how many reached each stage and went on. */
export function Stages() {
  const { t, maybe, number, share } = useSpeech();
  const view = useView();
  const query = useQuery(contactStages({ as_of: view.asOf }));
  return (
    <Section title={t("stages.title")} hint={t("stages.hint")}>
      <Answered query={query} height={240}>
        {(answer) => (
          <>
            <Stack gap="md" mb="xs">
              {answer.stages.map((one) => {
                const name = maybe(`stage.${one.stage}`, one.stage);
                return (
                  <div key={one.stage}>
                    <Text size="sm" className="numbers">
                      <b>{name}</b>{" "}
                      {t("stages.reached", { number: number(one.reached), standing: number(one.standing.numerator) })}
                      {one.went_on !== null && one.went_on.value !== null && one.went_on.numerator > 0 && (
                        <> · {t("stages.wentOn", { share: share(one.went_on.value, 0) })}</>
                      )}
                    </Text>
                    <Text size="xs" className="quiet" mb={4}>
                      {maybe(`stageRule.${one.stage}`, "")}
                    </Text>
                    <Progress
                      value={answer.n > 0 ? (one.reached / answer.n) * 100 : 0}
                      size="lg"
                      radius="sm"
                      aria-label={name}
                    />
                  </div>
                );
              })}
            </Stack>
            <SectionMenu
              name="stages"
              request={`/contact-stages?as_of=${answer.as_of}`}
              rows={answer.stages.map((one) => ({
                stage: one.stage,
                reached: one.reached,
                standing: one.standing.numerator,
                went_on: one.went_on?.value ?? null,
              }))}
            />
          </>
        )}
      </Answered>
    </Section>
  );
}
