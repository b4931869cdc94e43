// Conditions as the builder shows them: a row each. What rows cannot say is written as JSON.
import type { Definition } from "../../api/types";

export const FIGURES = [
  "orders",
  "purchases",
  "value",
  "value_12m",
  "value_24m",
  "aov",
  "days_since_last",
  "days_since_first",
  "average_gap",
  "discount_share",
  "return_share",
  "recency_score",
  "frequency_score",
  "monetary_score",
  "predicted_value",
  "purchase_probability",
] as const;
export type FigureName = (typeof FIGURES)[number];

export const BOUNDS = ["at_least", "at_most", "at_least_percentile"] as const;
export type Bound = (typeof BOUNDS)[number];

export const STAGES = ["active", "at_risk", "lapsed"] as const;
export type StageName = (typeof STAGES)[number];

export type Row =
  | { kind: "figure"; name: FigureName; bound: Bound; value: number }
  | { kind: "stage"; stages: StageName[] }
  | { kind: "consent"; channel: string; granted: boolean }
  | { kind: "events"; name: string; times: number; days: number };

export interface Rows {
  all: boolean;
  rows: Row[];
}

function definitionOf(row: Row): Definition {
  switch (row.kind) {
    case "figure":
      return { figure: { name: row.name, [row.bound]: row.value } };
    case "stage":
      return { stage: row.stages };
    case "consent":
      return { consent: { channel: row.channel, purpose: "marketing", granted: row.granted } };
    case "events":
      return { events: { name: row.name, at_least: row.times, when: { within_days: row.days } } };
  }
}

/** The definition that rows stand for. */
export function toDefinition({ all, rows }: Rows): Definition {
  const only = rows[0];
  if (rows.length === 1 && only) return definitionOf(only);
  return { [all ? "all" : "any"]: rows.map(definitionOf) };
}

function oneOf<T extends string>(known: readonly T[], value: unknown): value is T {
  return known.some((one) => one === value);
}

function rowOf(definition: unknown): Row | null {
  if (typeof definition !== "object" || definition === null) return null;
  const [name, body] = Object.entries(definition)[0] ?? [];
  if (Object.keys(definition).length !== 1) return null;
  if (name === "stage" && Array.isArray(body) && body.every((stage) => oneOf(STAGES, stage))) {
    return { kind: "stage", stages: body as StageName[] };
  }
  if (name === "figure") {
    const { name: figure, ...bounds } = body as Record<string, unknown>;
    const [bound, value] = Object.entries(bounds)[0] ?? [];
    const isOne = Object.keys(bounds).length === 1;
    if (isOne && oneOf(FIGURES, figure) && oneOf(BOUNDS, bound) && typeof value === "number") {
      return { kind: "figure", name: figure, bound, value };
    }
  }
  if (name === "consent") {
    const { channel, purpose, granted = true } = body as Record<string, unknown>;
    if (typeof channel === "string" && purpose === "marketing") {
      return { kind: "consent", channel, granted: granted === true };
    }
  }
  if (name === "events") {
    const { name: event, at_least: times = 1, when, ...others } = body as Record<string, unknown>;
    const { within_days: days, ...bounds } = (when ?? {}) as Record<string, unknown>;
    const isPlain = Object.keys(others).length === 0 && Object.keys(bounds).length === 0;
    if (isPlain && typeof event === "string" && typeof times === "number" && typeof days === "number") {
      return { kind: "events", name: event, times, days };
    }
  }
  return null;
}

/** The rows that say what a definition says; `null` if rows cannot. */
export function toRows(definition: Definition): Rows | null {
  const one = rowOf(definition);
  if (one) return { all: true, rows: [one] };
  const [name, body] = Object.entries(definition)[0] ?? [];
  if ((name !== "all" && name !== "any") || !Array.isArray(body)) return null;
  const rows = body.map(rowOf);
  return rows.every((row) => row !== null) ? { all: name === "all", rows } : null;
}
