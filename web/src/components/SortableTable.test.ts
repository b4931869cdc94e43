import { expect, it } from "vitest";
import { sortRows } from "./SortableTable";

it("sorts either way and keeps what is not known for the end", () => {
  const rows = [{ v: 2 }, { v: null }, { v: 10 }];
  expect(sortRows(rows, (row) => row.v, true, "en").map((row) => row.v)).toEqual([10, 2, null]);
  expect(sortRows(rows, (row) => row.v, false, "en").map((row) => row.v)).toEqual([2, 10, null]);
});

it("sorts words as the language does", () => {
  const names = ["Zoe", "Ștefan", "Tudor", "Sorin"];
  expect(sortRows(names, (name) => name, false, "ro")).toEqual(["Sorin", "Ștefan", "Tudor", "Zoe"]);
});
