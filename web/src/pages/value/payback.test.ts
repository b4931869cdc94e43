import { expect, it } from "vitest";
import type { Payback } from "../../api/types";
import { paidBack } from "./payback";

const answer = (cost: string, months: [string, number, number | null][]) =>
  ({
    total: { cost },
    months: months.map(([month, new_customers, payback_days]) => ({ month, new_customers, payback_days, cost })),
  }) as unknown as Payback;

it("says that costs are not known rather than that they are nothing", () => {
  expect(paidBack(answer("0.00", [["2026-01", 50, null]]), undefined)).toEqual({ state: "no costs" });
});

it("takes the middle of the customers, and of the span alone", () => {
  const months: [string, number, number | null][] = [
    ["2025-12", 500, 300],
    ["2026-01", 10, 0],
    ["2026-02", 80, 41.2],
    ["2026-03", 20, 90],
    ["2026-04", 30, null],
  ];
  expect(paidBack(answer("9.00", months), "2026-01-01")).toEqual({ state: "paid", days: 42, months: 4, paid: 3 });
});

it("takes whole months of a span, and the month of a span within one", () => {
  const months: [string, number, number | null][] = [
    ["2026-01", 10, 0],
    ["2026-02", 80, 30],
  ];
  expect(paidBack(answer("9.00", months), "2026-01-15")).toMatchObject({ months: 1, days: 30 });
  expect(paidBack(answer("9.00", months), "2026-02-15")).toMatchObject({ months: 1, days: 30 });
  expect(paidBack(answer("9.00", months), "2026-03-01")).toEqual({ state: "nobody" });
});

it("knows that nobody has paid back yet", () => {
  expect(paidBack(answer("9.00", [["2026-01", 50, null]]), undefined)).toEqual({ state: "not yet", months: 1 });
});
