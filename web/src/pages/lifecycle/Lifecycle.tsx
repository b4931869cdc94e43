import { SimpleGrid, Stack, Text } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { lazy, Suspense } from "react";
import { lifecycle } from "../../api/queries";
import { Answered } from "../../components/Answered";
import { PageHead } from "../../components/PageHead";
import { Section } from "../../components/Section";
import { useSpeech } from "../../i18n";
import { useView } from "../../state/view";
import { Alerts } from "../home/Alerts";

const Flows = lazy(() => import("./Flows"));

/** Where customers stand, and who comes and goes. */
export default function Lifecycle() {
  const { t, number, share, day } = useSpeech();
  const view = useView();
  const query = useQuery(lifecycle({ as_of: view.asOf, period: "month" }));
  return (
    <>
      <PageHead title={t("nav.lifecycle")} question={t("lifecycle.question")} />
      <Stack gap="lg">
        <Answered query={query} height={300}>
          {(answer) => (
            <>
              <SimpleGrid cols={{ base: 1, sm: 3 }}>
                {(["active", "at_risk", "lapsed"] as const).map((stage) => (
                  <div key={stage} className="card" style={{ padding: "var(--mantine-spacing-md)" }}>
                    <Text size="sm" className="quiet">
                      {t(`stage.${stage}`)}
                    </Text>
                    <Link to="/segments/$id" params={{ id: stage }} search={true} className="figure-button figure-link">
                      <Text fz={28} fw={650} className="numbers" component="span">
                        {number(answer.stages[stage].numerator)}
                      </Text>
                    </Link>
                    <Text size="sm" className="quiet numbers">
                      {share(answer.stages[stage].value)}
                    </Text>
                  </div>
                ))}
              </SimpleGrid>
              <Text size="sm" className="quiet">
                {t("lifecycle.thresholds", {
                  first: answer.thresholds.after_first.active_days,
                  firstLapsed: answer.thresholds.after_first.at_risk_days,
                  later: answer.thresholds.after_later.active_days,
                  laterLapsed: answer.thresholds.after_later.at_risk_days,
                })}{" "}
                {answer.churn.rate.value !== null &&
                  t("lifecycle.churn", { share: share(answer.churn.rate.value), from: day(answer.churn.start) })}
              </Text>
              <Section title={t("lifecycle.flow")} hint={t("lifecycle.flowHint")}>
                <Suspense fallback={<div style={{ height: 300 }} />}>
                  <Flows flow={answer.flow} />
                </Suspense>
              </Section>
            </>
          )}
        </Answered>
        <Alerts />
      </Stack>
    </>
  );
}
