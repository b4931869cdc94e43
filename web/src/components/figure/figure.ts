import type { Definition, MetricQuestion } from "../../api/types";

/** A number on a page, with what it takes to ask for it again. */
export interface Figure {
  metric: string;
  title: string;
  question: MetricQuestion;
  /** The number as it is exported. */
  row: Record<string, string | number | null>;
  /** One group of the question's breakdown. */
  group?: string;
}

/** The request that answers a figure, for a terminal. */
export function requestOf({ metric, question }: Figure, origin: string): string {
  const body = JSON.stringify(question).replaceAll("'", "\\u0027");
  return [
    `curl '${origin}/api/v1/metrics/${metric}/query'`,
    `-H "Authorization: Bearer $CLOVE_KEY"`,
    `-H 'Content-Type: application/json'`,
    `-d '${body}'`,
  ].join(" \\\n  ");
}

type Window = { from?: string; until?: string };

function windowOf({ from, until, as_of }: MetricQuestion): Window {
  const last = until ?? as_of;
  return { ...(from ? { from } : {}), ...(last ? { until: last } : {}) };
}

/** Whose orders or first orders a metric counts, before it is broken down. */
function counted(metric: string, question: MetricQuestion): Definition {
  const when = windowOf(question);
  switch (metric) {
    case "new_customers":
    case "cac":
    case "marketing_cost":
      return { day: { name: "first_order", when } };
    case "ltv":
      return { figure: { name: "days_since_first", at_least: question.age_days ?? 90 } };
    case "repeat_purchase_rate":
    case "buys_again_180":
    case "loyalty_rate":
      return { figure: { name: "purchases", at_least: 2 } };
    case "active_customers":
      return { segment: "active" };
    case "at_risk_customers":
      return { segment: "at_risk" };
    case "lapsed_customers":
      return { segment: "lapsed" };
    case "discounts":
    case "discount_share_orders":
    case "effective_discount_rate":
      return { orders: { discounted: true, when } };
    case "returns":
    case "refund_rate_value":
    case "refund_rate_orders":
      return { orders: { kept: false, when } };
    default:
      return { orders: { when } };
  }
}

/** The day after the last of a month such as 2026-02, less one. */
function lastDayOf(month: string): string {
  const date = new Date(`${month}-01T00:00:00Z`);
  date.setUTCMonth(date.getUTCMonth() + 1, 0);
  return date.toISOString().slice(0, 10);
}

/** Who belongs to a group of a breakdown; `null` where it has no name. */
export function groupOf(by: string, group: string): Definition | null {
  if (group === "unknown" || group === "(none)" || group === "") return null;
  if (by === "cohort") {
    return /^\d{4}-\d{2}$/.test(group)
      ? { day: { name: "first_order", when: { from: `${group}-01`, until: lastDayOf(group) } } }
      : null;
  }
  if (by === "order_kind") return group === "first" ? { orders: { which: "first" } } : { orders: { at_least: 2 } };
  if (by === "stage") return { stage: [group] };
  return { orders: { which: "first", columns: { [by]: [group] } } };
}

/** Whom a figure is about, as a segment's definition. */
export function customersOf({ metric, question, group }: Figure): Definition | null {
  const parts: Definition[] = [counted(metric, question)];
  if (typeof question.segment === "string") parts.unshift({ segment: question.segment });
  else if (question.segment !== undefined) parts.unshift(question.segment);
  if (group !== undefined) {
    const part = groupOf(question.by ?? "", group);
    if (!part) return null;
    parts.push(part);
  }
  const [only] = parts;
  return parts.length === 1 && only ? only : { all: parts };
}
