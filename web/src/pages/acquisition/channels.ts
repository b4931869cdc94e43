import type { MetricAnswer } from "../../api/types";

export interface ChannelRow {
  channel: string;
  customers: number;
  cost: number | null;
  /** Cost of a new customer. */
  each: number | null;
  /** Value of a customer at the age that is looked at. */
  value: number | null;
  /** Value to cost; nothing where a channel costs nothing. */
  ratio: number | null;
  small: boolean;
}

/** Channels with their figures side by side: new customers, cost, cost each, value each, in this order. Most customers first. */
export function rowsOf([customers, costs, each, value]: MetricAnswer[]): ChannelRow[] {
  const of = (answer: MetricAnswer | undefined) =>
    new Map((answer?.breakdown?.groups ?? []).map((group) => [group.group, group] as const));
  const [byCost, byEach, byValue] = [of(costs), of(each), of(value)];
  const numeric = (text: unknown) => (text === null || text === undefined ? null : Number(text));
  return [...of(customers).values()]
    .map((group) => {
      const cost = numeric(byCost.get(group.group)?.value);
      const one = numeric(byEach.get(group.group)?.value);
      const worth = numeric(byValue.get(group.group)?.value);
      return {
        channel: group.group,
        customers: Number(group.value ?? 0),
        cost,
        each: one,
        value: worth,
        ratio: one !== null && one > 0 && worth !== null ? worth / one : null,
        small: group.small,
      };
    })
    .sort((left, right) => right.customers - left.customers);
}
