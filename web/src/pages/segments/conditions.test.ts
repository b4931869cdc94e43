import { expect, it } from "vitest";
import { toDefinition, toRows, type Rows } from "./conditions";

it("reads back what it writes", () => {
  const rows: Rows = {
    all: false,
    rows: [
      { kind: "figure", name: "value", bound: "at_least_percentile", value: 90 },
      { kind: "stage", stages: ["active", "at_risk"] },
      { kind: "consent", channel: "sms", granted: false },
    ],
  };
  expect(toRows(toDefinition(rows))).toEqual(rows);
  const one: Rows = { all: true, rows: rows.rows.slice(0, 1) };
  expect(toRows(toDefinition(one))).toEqual(one);
});

it("leaves alone what rows cannot say", () => {
  for (const definition of [
    { not: { stage: ["lapsed"] } },
    { orders: { at_least: 2 } },
    { figure: { name: "value", at_least: 1, at_most: 5 } },
    { all: [{ stage: ["active"] }, { segment: "vip" }] },
    { consent: { channel: "email", purpose: "service" } },
  ]) {
    expect(toRows(definition)).toBeNull();
  }
});
