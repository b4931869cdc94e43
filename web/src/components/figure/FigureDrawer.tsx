import { Drawer } from "@mantine/core";
import { useSpeech } from "../../i18n";
import { BreakDown } from "./BreakDown";
import { CompareSpans } from "./CompareSpans";
import { Explain } from "./Explain";
import type { Figure } from "./figure";

export type Part = "explain" | "breakdown" | "compare";

const TITLES = {
  explain: "figure.explainTitle",
  breakdown: "figure.breakDownTitle",
  compare: "figure.compareTitle",
} as const;
const PARTS = { explain: Explain, breakdown: BreakDown, compare: CompareSpans };

/** More of a figure, beside the page that it stands on. */
export default function FigureDrawer(props: { figure: Figure; part: Part; onClose: () => void }) {
  const { figure, part, onClose } = props;
  const { t, language } = useSpeech();
  const Content = PARTS[part];
  return (
    <Drawer
      opened
      onClose={onClose}
      position={language === "ar" ? "left" : "right"}
      size="lg"
      title={t(TITLES[part], { figure: figure.title })}
      closeButtonProps={{ "aria-label": t("close") }}
    >
      <Content figure={figure} />
    </Drawer>
  );
}
