import type { MetricAnswer } from "../api/types";
import type { Speech } from "../i18n";

/** A value of an answer in its unit. */
export function valueOf(answer: Pick<MetricAnswer, "unit" | "currency">, value: unknown, speech: Speech): string {
  if (value === null || value === undefined) return "–";
  switch (answer.unit) {
    case "money":
      return speech.money(String(value), answer.currency);
    case "share":
      return speech.share(Number(value));
    case "count":
      return speech.number(Number(value));
    case "days":
      return speech.t("days", { days: Math.round(Number(value)) });
    default:
      return speech.number(Number(value), 2);
  }
}
