import { Text } from "@mantine/core";
import type { MetricAnswer } from "../../api/types";
import { useSpeech } from "../../i18n";

/** How it was before: an arrow, the change, and whether that is good, in words and not by colour alone. */
export function Change({ answer, rise }: { answer: MetricAnswer; rise: "good" | "bad" }) {
  const { t, share, day } = useSpeech();
  const before = answer.comparison;
  if (!before || before.ratio === null || before.ratio === undefined) return null;
  const change = before.ratio - 1;
  if (Math.abs(change) < 0.0005) {
    return (
      <Text size="sm" className="quiet numbers">
        =
      </Text>
    );
  }
  const isGood = change > 0 === (rise === "good");
  const text = `${change > 0 ? "▲" : "▼"} ${share(Math.abs(change))}`;
  const words = t(isGood ? "home.better" : "home.worse", { from: day(before.from), until: day(before.until) });
  return (
    <Text
      size="sm"
      fw={500}
      className={`numbers ${isGood ? "good" : "bad"}`}
      title={words}
      role="img"
      aria-label={`${text}, ${words}`}
    >
      {text}
    </Text>
  );
}
