import type { Payback, PaybackRow } from "../../api/types";

/** When customers have earned back what they cost. */
export type PaidBack =
  | { state: "no costs" }
  /** Nobody came. */
  | { state: "nobody" }
  /** No month has earned its cost back. */
  | { state: "not yet"; months: number }
  /** Half of the customers are of months that took so long at most; 0: with the first order. */
  | { state: "paid"; days: number; months: number; paid: number };

export const hasCosts = (answer: Payback): boolean => Number(answer.total.cost) > 0;

/** Months of first orders from a day on that have both customers and cost. */
export function monthsWithCosts(answer: Payback, from: string | undefined): PaybackRow[] {
  const isInside = (month: string | null) => from === undefined || `${month}-01` >= from || month === from.slice(0, 7);
  const months = answer.months.filter((row) => row.new_customers > 0 && Number(row.cost) > 0 && isInside(row.month));
  // A span that begins in the middle of a month is told by the whole months after it, if there are any.
  const whole = months.filter((row) => from === undefined || `${row.month}-01` >= from);
  return whole.length > 0 ? whole : months;
}

/** Months one by one: a single curve of all of them would end at the age of the youngest. */
export function paidBack(answer: Payback, from: string | undefined): PaidBack {
  if (!hasCosts(answer)) return { state: "no costs" };
  const months = monthsWithCosts(answer, from);
  const paid = months.flatMap((row) =>
    row.payback_days === null ? [] : [{ days: row.payback_days, customers: row.new_customers }],
  );
  if (months.length === 0) return { state: "nobody" };
  if (paid.length === 0) return { state: "not yet", months: months.length };
  paid.sort((left, right) => left.days - right.days);
  const half = paid.reduce((sum, one) => sum + one.customers, 0) / 2;
  let seen = 0;
  const middle = paid.find((one) => (seen += one.customers) >= half);
  return { state: "paid", days: Math.ceil(middle?.days ?? 0), months: months.length, paid: paid.length };
}
