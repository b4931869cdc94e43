// What the reader looks at, kept in the address: a link shows the same to everybody.
import { useQuery } from "@tanstack/react-query";
import { useNavigate, useSearch } from "@tanstack/react-router";
import { shop } from "../api/queries";

export const BASES = ["net", "gross", "margin", "contribution"] as const;
export const SPANS = ["7d", "30d", "90d", "12m", "all"] as const;
export const COMPARISONS = ["year", "previous", "none"] as const;
export type Basis = (typeof BASES)[number];
export type Span = (typeof SPANS)[number];
export type Comparison = (typeof COMPARISONS)[number];

export interface View {
  /** The last day that counts. */
  asOf?: string;
  /** The first day of a span that the reader chose by days; it outweighs `span`. */
  from?: string;
  basis?: Basis;
  span?: Span;
  compare?: Comparison;
  segment?: string;
  /** A definition that the builder begins with. */
  definition?: string;
  /** A part of a page with several. */
  tab?: string;
}

const one = <T extends string>(known: readonly T[], value: unknown): T | undefined =>
  known.find((candidate) => candidate === value);

const isDay = (value: unknown): value is string =>
  typeof value === "string" && /^\d{4}-\d{2}-\d{2}$/.test(value) && !Number.isNaN(Date.parse(`${value}T00:00:00Z`));

/** Reads an address; what makes no sense is left out. */
export function readView(search: Record<string, unknown>): View {
  const view: View = {};
  if (isDay(search.asOf)) view.asOf = search.asOf;
  if (isDay(search.from) && (view.asOf === undefined || search.from <= view.asOf)) view.from = search.from;
  const basis = one(BASES, search.basis);
  if (basis) view.basis = basis;
  const span = one(SPANS, search.span);
  if (span) view.span = span;
  const compare = one(COMPARISONS, search.compare);
  if (compare) view.compare = compare;
  if (typeof search.segment === "string" && search.segment) view.segment = search.segment;
  if (typeof search.tab === "string" && /^[a-z]+$/.test(search.tab)) view.tab = search.tab;
  const { definition } = search;
  if (typeof definition === "string") view.definition = definition;
  else if (typeof definition === "object" && definition !== null) view.definition = JSON.stringify(definition);
  return view;
}

const DAYS: Partial<Record<Span, number>> = { "7d": 7, "30d": 30, "90d": 90 };

/** The first day of a span that ends on a day. */
export function firstDay(until: string, span: Span): string | undefined {
  const date = new Date(`${until}T00:00:00Z`);
  if (span === "all") return undefined;
  if (span === "12m") {
    date.setUTCFullYear(date.getUTCFullYear() - 1);
    date.setUTCDate(date.getUTCDate() + 1);
  } else {
    date.setUTCDate(date.getUTCDate() - ((DAYS[span] ?? 1) - 1));
  }
  return date.toISOString().slice(0, 10);
}

/** Days between two days. */
export function daysBetween(from: string, until: string): number {
  return Math.round((Date.parse(`${until}T00:00:00Z`) - Date.parse(`${from}T00:00:00Z`)) / 86_400_000);
}

export type Interval = "day" | "week" | "month";

/** The steps in which a span is best shown. */
export function intervalOf(from: string | undefined, until: string): Interval {
  const days = from === undefined ? 366 : daysBetween(from, until) + 1;
  return days <= 31 ? "day" : days <= 120 ? "week" : "month";
}

/** A shop whose last order is older than this is looked at as of that day. */
const STALE_DAYS = 31;

export interface Looking {
  basis: Basis;
  /** Which span was chosen; `custom` if its first day was. */
  span: Span | "custom";
  asOf: string;
  /** Whether the day was chosen because orders end there. */
  endsEarly: boolean;
  from: string | undefined;
  /** What the span is compared with, if it can be and the reader wants it. */
  compare: "previous" | "year" | undefined;
  comparison: Comparison;
  segment: string | undefined;
  currency: string;
  change: (next: Partial<{ [Key in keyof View]: View[Key] | undefined }>) => void;
}

/** What the reader looks at, with everything that was left open filled in. */
export function useView(): Looking {
  const view = useSearch({ strict: false }) as View;
  const navigate = useNavigate();
  const { data } = useQuery(shop);
  const today = data?.today ?? new Date().toISOString().slice(0, 10);
  const last = data?.last_day ?? today;
  const endsEarly = view.asOf === undefined && daysBetween(last, today) > STALE_DAYS;
  const asOf = view.asOf ?? (endsEarly ? last : today);
  const isCustom = view.from !== undefined && view.from <= asOf;
  const span = isCustom ? "custom" : (view.span ?? "12m");
  const comparison = view.compare ?? "year";
  return {
    asOf,
    endsEarly,
    basis: view.basis ?? "net",
    span,
    from: span === "custom" ? view.from : firstDay(asOf, span),
    compare: span === "all" || comparison === "none" ? undefined : comparison,
    comparison,
    segment: view.segment,
    currency: data?.currency ?? "EUR",
    change: (next) =>
      void navigate({ to: ".", search: (before: Record<string, unknown>) => ({ ...before, ...next }) as never }),
  };
}
