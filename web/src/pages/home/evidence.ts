import type { Definition, Problem } from "../../api/types";
import type { Speech } from "../../i18n";

/** The channel that a definition names, if it names one. */
export function channelOf(segment: Definition | null): string {
  const orders = segment?.orders as { columns?: { channel?: string[] } } | undefined;
  return orders?.columns?.channel?.[0] ?? "";
}

/** What says that something goes wrong, in the reader's language; of rules that the app does not know, as the server says it. */
export function evidenceOf(problem: Problem, currency: string, speech: Speech): { text: string; isOwn: boolean } {
  const { maybe, number, share, money } = speech;
  const { value, usual } = problem;
  const n = number(problem.n);
  const told = (values: Record<string, string>) => {
    const text = maybe(`evidence.${problem.rule}`, "", values);
    return text ? { text, isOwn: true } : { text: problem.evidence, isOwn: false };
  };
  switch (problem.rule) {
    case "late_good_customers":
      return told({ value: number(value), stake: money(problem.at_stake, currency, 0) });
    case "second_purchase_gap":
    case "discount_dependency":
    case "returns_rise":
    case "cart_abandonment":
      return told({ value: share(value), usual: share(usual), n });
    case "cohort_decay":
      return told({ value: money(value, currency), usual: money(usual, currency), n });
    case "channel_below_cost":
      return told({
        channel: channelOf(problem.segment),
        value: money(value, currency),
        usual: money(usual, currency),
        n,
      });
    case "orders_pause":
      return told({ value: number(value) });
    case "unknown_customers":
      return told({ value: share(1 - value), n });
    default:
      return { text: problem.evidence, isOwn: false };
  }
}
