import { Progress, Stack, Text } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { concentration } from "../../api/queries";
import { Answered } from "../../components/Answered";
import { Section } from "../../components/Section";
import { useSpeech } from "../../i18n";
import { useView } from "../../state/view";

/** Fewer customers than this say little. */
const SMALL = 30;

/** How much of the value comes from how few customers. */
export function Concentration() {
  const { t, share, number } = useSpeech();
  const view = useView();
  const query = useQuery(concentration({ as_of: view.asOf, basis: view.basis, segment: view.segment }));
  return (
    <Section title={t("concentration.title")} hint={t("concentration.hint")}>
      <Answered query={query} height={120}>
        {(answer) =>
          answer.n === 0 ? (
            <Text className="quiet">{t("figure.nobody")}</Text>
          ) : (
            <Stack gap="sm">
              {answer.top.map((top) => {
                const words = t("concentration.row", {
                  percent: share(top.percent / 100, 0),
                  customers: number(top.customers),
                  share: share(top.share.value, 0),
                });
                return (
                  <div key={top.percent}>
                    <Text size="sm" className={`numbers ${answer.n < SMALL ? "quiet" : ""}`} mb={4}>
                      {words}
                    </Text>
                    <Progress value={(top.share.value ?? 0) * 100} aria-label={words} size="sm" />
                  </div>
                );
              })}
            </Stack>
          )
        }
      </Answered>
    </Section>
  );
}
