import { expect, it } from "vitest";
import { daysBetween, firstDay, intervalOf, readView } from "./view";

it("takes from an address what makes sense", () => {
  expect(readView({ asOf: "2026-03-31", span: "90d", basis: "gross", compare: "none", segment: "vip" })).toEqual({
    asOf: "2026-03-31",
    span: "90d",
    basis: "gross",
    compare: "none",
    segment: "vip",
  });
  expect(readView({ asOf: "June", span: "9d", basis: 5, segment: "", tab: "<b>" })).toEqual({});
  expect(readView({ definition: { stage: ["active"] } })).toEqual({ definition: '{"stage":["active"]}' });
  expect(readView({ from: "2026-03-01", asOf: "2026-03-31" })).toEqual({ from: "2026-03-01", asOf: "2026-03-31" });
  expect(readView({ from: "2026-04-01", asOf: "2026-03-31" })).toEqual({ asOf: "2026-03-31" });
  expect(readView({ from: "2026-13-01" })).toEqual({});
});

it("counts spans with both their days", () => {
  expect(firstDay("2026-06-30", "7d")).toBe("2026-06-24");
  expect(firstDay("2026-06-30", "30d")).toBe("2026-06-01");
  expect(firstDay("2026-06-30", "12m")).toBe("2025-07-01");
  expect(firstDay("2024-02-29", "12m")).toBe("2023-03-02");
  expect(firstDay("2026-06-30", "all")).toBeUndefined();
  expect(daysBetween("2026-02-27", "2026-03-02")).toBe(3);
});

it("shows spans in steps that can be told apart", () => {
  expect(intervalOf("2026-06-01", "2026-06-30")).toBe("day");
  expect(intervalOf("2026-04-02", "2026-06-30")).toBe("week");
  expect(intervalOf("2025-07-01", "2026-06-30")).toBe("month");
  expect(intervalOf(undefined, "2026-06-30")).toBe("month");
});
