import { Group } from "@mantine/core";
import { useLocation } from "@tanstack/react-router";
import { useView } from "../state/view";
import { ChooseBasis, ChooseComparison } from "./ChooseMeasure";
import { ChooseSegment } from "./ChooseSegment";
import { ChooseSpan } from "./ChooseSpan";
import { choicesOf } from "./pages";

/** As of when, over which span, compared with what, on which basis, of whom: what the page looks at, each in the open. */
export function GlobalBar() {
  const view = useView();
  const { pathname } = useLocation();
  const choices = choicesOf(pathname);
  const has = (choice: (typeof choices)[number]) => choices.includes(choice);
  return (
    <Group gap="xs" wrap="nowrap" className="bar">
      {(has("span") || has("day")) && <ChooseSpan view={view} hasSpan={has("span")} />}
      {has("compare") && view.span !== "all" && <ChooseComparison view={view} />}
      {has("basis") && <ChooseBasis view={view} />}
      {has("segment") && <ChooseSegment view={view} />}
    </Group>
  );
}
