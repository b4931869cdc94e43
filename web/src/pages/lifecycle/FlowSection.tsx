import { SegmentedControl } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { lazy, Suspense, useState } from "react";
import { lifecycle } from "../../api/queries";
import { Answered } from "../../components/Answered";
import { Section } from "../../components/Section";
import { SectionMenu } from "../../components/SectionMenu";
import { useSpeech } from "../../i18n";
import { useView } from "../../state/view";

const Flows = lazy(() => import("./Flows"));

export type Step = "week" | "month";

/** Steps shown at most: two years of months, half a year of weeks. */
const MOST: Record<Step, number> = { week: 26, month: 24 };

/** Who comes and goes, by week or month. */
export function FlowSection() {
  const { t } = useSpeech();
  const view = useView();
  const [step, setStep] = useState<Step>("month");
  const query = useQuery(lifecycle({ as_of: view.asOf, period: step }));
  return (
    <Section
      title={t("lifecycle.flow")}
      hint={t("lifecycle.flowHint")}
      aside={
        <SegmentedControl
          size="xs"
          aria-label={t("lifecycle.step")}
          value={step}
          onChange={(value) => setStep(value as Step)}
          data={(["week", "month"] as const).map((value) => ({ value, label: t(`lifecycle.${value}`) }))}
        />
      }
    >
      <Answered query={query} height={340}>
        {(answer) => (
          <>
            <Suspense fallback={<div style={{ height: 340 }} aria-busy />}>
              <Flows flow={answer.flow.slice(-MOST[step])} step={step} />
            </Suspense>
            <SectionMenu
              name={`flow-${step}`}
              request={`/lifecycle?as_of=${answer.as_of}&period=${step}`}
              rows={answer.flow.map(({ start, active, new: fresh, returning, resurrected, dormant }) => ({
                start,
                active,
                new: fresh,
                returning,
                resurrected,
                dormant,
              }))}
            />
          </>
        )}
      </Answered>
    </Section>
  );
}
