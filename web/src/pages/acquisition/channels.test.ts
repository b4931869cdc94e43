import { expect, it } from "vitest";
import type { MetricAnswer } from "../../api/types";
import { rowsOf } from "./channels";

const answer = (groups: Record<string, number | string | null>) =>
  ({
    breakdown: { groups: Object.entries(groups).map(([group, value]) => ({ group, value, n: 50, small: false })) },
  }) as unknown as MetricAnswer;

it("lays figures of channels side by side", () => {
  const rows = rowsOf([
    answer({ ads: 10, mail: 40, fair: 5 }),
    answer({ ads: "100.00", mail: "0.00" }),
    answer({ ads: "10.00", mail: null }),
    answer({ ads: "5.00", mail: "8.00" }),
  ]);
  expect(rows.map((row) => row.channel)).toEqual(["mail", "ads", "fair"]);
  expect(rows.map((row) => row.ratio)).toEqual([null, 0.5, null]);
  expect(rows[2]).toMatchObject({ customers: 5, cost: null, each: null, value: null });
});
