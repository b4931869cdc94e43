// What the reader looks at, kept in the address: a link shows the same to everybody.
import { useQuery } from "@tanstack/react-query";
import { useNavigate, useSearch } from "@tanstack/react-router";
import { shop } from "../api/queries";

export const BASES = ["net", "gross", "margin", "contribution"] as const;
export const SPANS = ["30d", "90d", "12m", "all"] as const;
export type Basis = (typeof BASES)[number];
export type Span = (typeof SPANS)[number];

export interface View {
  /** The last day that counts. */
  asOf?: string;
  basis?: Basis;
  span?: Span;
  compare?: "previous" | "year";
  segment?: string;
  /** A definition that the builder begins with. */
  definition?: string;
}

const one = <T extends string>(known: readonly T[], value: unknown): T | undefined =>
  known.find((candidate) => candidate === value);

/** Reads an address; what makes no sense is left out. */
export function readView(search: Record<string, unknown>): View {
  const view: View = {};
  if (typeof search.asOf === "string" && /^\d{4}-\d{2}-\d{2}$/.test(search.asOf)) view.asOf = search.asOf;
  const basis = one(BASES, search.basis);
  if (basis) view.basis = basis;
  const span = one(SPANS, search.span);
  if (span) view.span = span;
  const compare = one(["previous", "year"] as const, search.compare);
  if (compare) view.compare = compare;
  if (typeof search.segment === "string" && search.segment) view.segment = search.segment;
  const { definition } = search;
  if (typeof definition === "string") view.definition = definition;
  else if (typeof definition === "object" && definition !== null) view.definition = JSON.stringify(definition);
  return view;
}

/** The first day of a span that ends on a day. */
export function firstDay(until: string, span: Span): string | undefined {
  const date = new Date(`${until}T00:00:00Z`);
  if (span === "all") return undefined;
  if (span === "12m") {
    date.setUTCFullYear(date.getUTCFullYear() - 1);
    date.setUTCDate(date.getUTCDate() + 1);
  } else {
    date.setUTCDate(date.getUTCDate() - (span === "30d" ? 29 : 89));
  }
  return date.toISOString().slice(0, 10);
}

/** Days between two days. */
export function daysBetween(from: string, until: string): number {
  return Math.round((Date.parse(`${until}T00:00:00Z`) - Date.parse(`${from}T00:00:00Z`)) / 86_400_000);
}

/** A shop whose last order is older than this is looked at as of that day. */
const STALE_DAYS = 31;

export interface Looking extends Required<Pick<View, "basis" | "span">> {
  asOf: string;
  /** Whether the day was chosen because orders end there. */
  endsEarly: boolean;
  from: string | undefined;
  compare: View["compare"];
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
  const span = view.span ?? "12m";
  return {
    asOf,
    endsEarly,
    basis: view.basis ?? "net",
    span,
    from: firstDay(asOf, span),
    compare: span === "all" ? undefined : (view.compare ?? "year"),
    segment: view.segment,
    currency: data?.currency ?? "EUR",
    change: (next) =>
      void navigate({ to: ".", search: (before: Record<string, unknown>) => ({ ...before, ...next }) as never }),
  };
}
