import type { Import } from "../../../api/types";

export type State = "waiting" | "reading" | "writing" | "done" | "failed";

export const isUnderWay = ({ state }: Pick<Import, "state">): boolean => !["done", "failed"].includes(state);

/** How much of an import is done, of 1: half is reading, half is taking in. */
export function shareOf(one: Import): number {
  if (one.state === "done") return 1;
  return 0.5 * (one.bytes_read / Math.max(1, one.bytes_total)) + 0.5 * (one.facts_done / Math.max(1, one.facts_total));
}
