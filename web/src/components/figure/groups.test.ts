import { expect, it } from "vitest";
import type { MetricAnswer } from "../../api/types";
import { joinGroups } from "./groups";

const answer = (groups: Record<string, number | string | null>) =>
  ({
    breakdown: { groups: Object.entries(groups).map(([group, value]) => ({ group, value, n: 50, small: false })) },
  }) as unknown as MetricAnswer;

it("lays breakdowns side by side", () => {
  const rows = joinGroups({
    customers: answer({ mail: 40, ads: 10, fair: 5 }),
    cost: answer({ ads: "100.00", mail: "0.00", radio: "3.50" }),
    each: answer({ ads: "10.00", mail: null }),
  });
  expect(rows.map((row) => row.group)).toEqual(["mail", "ads", "fair", "radio"]);
  expect(rows.map((row) => row.value.cost)).toEqual([0, 100, null, 3.5]);
  expect(rows[0]?.value.each).toBeNull();
  expect(rows[2]).toMatchObject({ n: { customers: 50, cost: 0 }, small: { cost: true } });
});
