import { SimpleGrid, Stack, Text } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { lifecycle } from "../../api/queries";
import { Answered } from "../../components/Answered";
import { CustomersLink } from "../../components/CustomersLink";
import { FigureMenu } from "../../components/figure/FigureMenu";
import { PageHead } from "../../components/PageHead";
import { useSpeech } from "../../i18n";
import { useView } from "../../state/view";
import { Alerts } from "../home/Alerts";
import { Tile, TileValue } from "../home/Tile";
import { ContactStages } from "./ContactStages";
import { FlowSection } from "./FlowSection";
import { Migration } from "./Migration";
import { Repetition } from "./Repetition";

const STAGES = ["active", "at_risk", "lapsed"] as const;

/** Where customers stand, who comes and goes, how soon they come back. */
export default function Lifecycle() {
  const { t, number, share, day } = useSpeech();
  const view = useView();
  const query = useQuery(lifecycle({ as_of: view.asOf, period: "month" }));
  return (
    <>
      <PageHead title={t("nav.lifecycle")} question={t("lifecycle.question")} />
      <Stack gap="lg">
        <Answered query={query} height={160}>
          {(answer) => (
            <>
              <SimpleGrid cols={{ base: 1, sm: 3 }}>
                {STAGES.map((stage) => {
                  const rate = answer.stages[stage];
                  const title = t(`stage.${stage}`);
                  return (
                    <Tile key={stage} title={title}>
                      <FigureMenu
                        figure={{
                          metric: `${stage}_customers`,
                          title,
                          question: { as_of: view.asOf },
                          row: { stage, as_of: view.asOf, customers: rate.numerator },
                        }}
                      >
                        <TileValue small={rate.small}>{number(rate.numerator)}</TileValue>
                      </FigureMenu>
                      <Text size="sm" className="quiet numbers">
                        {share(rate.value)} · <CustomersLink of={{ segment: stage }}>{t("actions.who")}</CustomersLink>
                      </Text>
                    </Tile>
                  );
                })}
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
                {!answer.thresholds.after_first.own && ` ${t("lifecycle.notOwn")}`}
              </Text>
            </>
          )}
        </Answered>
        <FlowSection />
        <Migration />
        <ContactStages />
        <Repetition />
        <Alerts />
      </Stack>
    </>
  );
}
