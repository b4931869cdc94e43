import { expect, it } from "vitest";
import { daysBetween, firstDay, readView } from "./view";

it("takes from an address what makes sense", () => {
  expect(readView({ asOf: "2026-03-31", span: "90d", basis: "gross", compare: "year", segment: "vip" })).toEqual({
    asOf: "2026-03-31",
    span: "90d",
    basis: "gross",
    compare: "year",
    segment: "vip",
  });
  expect(readView({ asOf: "June", span: "9d", basis: 5, segment: "" })).toEqual({});
  expect(readView({ definition: { stage: ["active"] } })).toEqual({ definition: '{"stage":["active"]}' });
});

it("counts spans with both their days", () => {
  expect(firstDay("2026-06-30", "30d")).toBe("2026-06-01");
  expect(firstDay("2026-06-30", "12m")).toBe("2025-07-01");
  expect(firstDay("2024-02-29", "12m")).toBe("2023-03-02");
  expect(firstDay("2026-06-30", "all")).toBeUndefined();
  expect(daysBetween("2026-02-27", "2026-03-02")).toBe(3);
});
