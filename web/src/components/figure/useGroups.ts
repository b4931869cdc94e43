import { useQueries } from "@tanstack/react-query";
import { ApiProblem } from "../../api/client";
import { metric } from "../../api/queries";
import type { MetricAnswer, MetricQuestion } from "../../api/types";
import { joinGroups, type GroupRow } from "./groups";

export interface Asked {
  metric: string;
  question: MetricQuestion;
}

export type Groups<Name extends string> =
  | { state: "waiting" }
  /** The shop's orders do not tell what they should be broken down by. */
  | { state: "no column" }
  | { state: "failed"; error: Error }
  | { state: "there"; rows: GroupRow<Name>[]; answers: Record<Name, MetricAnswer> };

/** Several metrics by the same groups. */
export function useGroups<Name extends string>(asked: Record<Name, Asked>): Groups<Name> {
  const names = Object.keys(asked) as Name[];
  const queries = useQueries({ queries: names.map((name) => metric(asked[name].metric, asked[name].question)) });
  const error = queries.find((query) => query.isError)?.error;
  if (error instanceof ApiProblem && error.status === 422) return { state: "no column" };
  if (error) return { state: "failed", error };
  const known = queries.flatMap((query) => (query.data ? [query.data] : []));
  if (known.length < names.length) return { state: "waiting" };
  const answers = Object.fromEntries(names.map((name, index) => [name, known[index]])) as Record<Name, MetricAnswer>;
  return { state: "there", rows: joinGroups(answers), answers };
}
