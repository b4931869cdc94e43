import { expect, it } from "vitest";
import { customersOf, groupOf, requestOf } from "./figure";

const figure = { metric: "new_customers", title: "New customers", row: {} };

it("says whom a figure is about", () => {
  const question = { as_of: "2026-06-30", from: "2026-06-01" };
  const won = { day: { name: "first_order", when: { from: "2026-06-01", until: "2026-06-30" } } };
  expect(customersOf({ ...figure, question })).toEqual(won);
  expect(customersOf({ ...figure, question: { ...question, segment: "vip", by: "channel" }, group: "ads" })).toEqual({
    all: [{ segment: "vip" }, won, { orders: { which: "first", columns: { channel: ["ads"] } } }],
  });
  expect(customersOf({ ...figure, question: { ...question, by: "channel" }, group: "unknown" })).toBeNull();
});

it("knows the days of a cohort", () => {
  expect(groupOf("cohort", "2024-02")).toEqual({
    day: { name: "first_order", when: { from: "2024-02-01", until: "2024-02-29" } },
  });
});

it("writes a request that a shell takes as it is", () => {
  const text = requestOf({ ...figure, question: { segment: "d'or" } }, "http://localhost");
  expect(text).toContain("http://localhost/api/v1/metrics/new_customers/query");
  expect(text).toContain('{"segment":"d\\u0027or"}');
});
