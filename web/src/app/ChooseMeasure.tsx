import { useSpeech } from "../i18n";
import { BASES, COMPARISONS, type Looking } from "../state/view";
import { Choice } from "./Choice";

/** What the span is compared with. */
export function ChooseComparison({ view }: { view: Looking }) {
  const { t } = useSpeech();
  const words = (value: Looking["comparison"]) => t(`compare.${value}`);
  return (
    <Choice
      label={t("bar.compare")}
      text={view.comparison === "none" ? words("none") : t("bar.against", { what: words(view.comparison) })}
      value={view.comparison}
      options={COMPARISONS.map((value) => ({ value, label: words(value) }))}
      onChange={(compare) => view.change({ compare })}
    />
  );
}

/** What value means. */
export function ChooseBasis({ view }: { view: Looking }) {
  const { t } = useSpeech();
  return (
    <Choice
      label={t("bar.basis")}
      text={t("bar.value", { basis: t(`basis.${view.basis}`) })}
      value={view.basis}
      options={BASES.map((value) => ({ value, label: t(`basis.${value}`), hint: t(`basisHint.${value}`) }))}
      onChange={(basis) => view.change({ basis })}
    />
  );
}
