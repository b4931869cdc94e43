import { SimpleGrid, Stack } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { lazy, Suspense } from "react";
import { cohorts, payback } from "../../api/queries";
import { Answered } from "../../components/Answered";
import { PageHead } from "../../components/PageHead";
import { Section } from "../../components/Section";
import { useSpeech } from "../../i18n";
import { useView } from "../../state/view";
import { Calculator } from "./Calculator";
import { CohortTable } from "./CohortTable";
import { Concentration } from "./Concentration";
import { Forecast } from "./Forecast";
import { PaybackSection } from "./Payback";

const Curves = lazy(() => import("./Curves"));

/** What new customers are worth as they grow older, when they pay back, and how near forecasts are. */
export default function Value() {
  const { t } = useSpeech();
  const view = useView();
  const asked = { as_of: view.asOf, basis: view.basis, segment: view.segment };
  const query = useQuery(cohorts({ ...asked, ages: "0,30,60,90,180,365" }));
  const costs = useQuery(payback(asked));
  return (
    <>
      <PageHead title={t("nav.value")} question={t("value.question")} />
      <Answered query={query} height={420}>
        {(answer) => (
          <Stack gap="lg">
            <Section title={t("value.curves")} hint={t("value.curvesHint")}>
              <Suspense fallback={<div style={{ height: 320 }} aria-busy />}>
                <Curves cohorts={answer} cost={costs.data?.total.blended_cac.value ?? null} />
              </Suspense>
            </Section>
            <CohortTable answer={answer} />
            <Answered query={costs}>{(paid) => <PaybackSection answer={paid} cohorts={answer} />}</Answered>
            <Forecast />
            <SimpleGrid cols={{ base: 1, lg: 2 }} spacing="lg">
              <Concentration />
              <Calculator currency={answer.currency} />
            </SimpleGrid>
          </Stack>
        )}
      </Answered>
    </>
  );
}
