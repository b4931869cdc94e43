import type { MetricAnswer } from "../../api/types";

/** A group with its figures of several metrics, by the names that the page gives them. */
export interface GroupRow<Name extends string> {
  group: string;
  value: Record<Name, number | null>;
  /** How many orders or customers each figure rests on. */
  n: Record<Name, number>;
  small: Record<Name, boolean>;
}

/** Breakdowns side by side: the groups of the first that has any, in its order, then those that only others know. */
export function joinGroups<Name extends string>(answers: Record<Name, MetricAnswer>): GroupRow<Name>[] {
  const names = Object.keys(answers) as Name[];
  const of = new Map(
    names.map((name) => [name, new Map((answers[name].breakdown?.groups ?? []).map((one) => [one.group, one]))]),
  );
  const groups = new Set(names.flatMap((name) => [...(of.get(name)?.keys() ?? [])]));
  const record = <Value>(make: (name: Name) => Value) =>
    Object.fromEntries(names.map((name) => [name, make(name)])) as Record<Name, Value>;
  return [...groups].map((group) => {
    const known = (name: Name) => of.get(name)?.get(group);
    return {
      group,
      value: record((name) => {
        const value = known(name)?.value;
        return value === null || value === undefined ? null : Number(value);
      }),
      n: record((name) => known(name)?.n ?? 0),
      small: record((name) => known(name)?.small ?? true),
    };
  });
}
