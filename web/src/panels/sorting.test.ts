import { describe, expect, it } from "vitest";
import type { SummaryRow } from "../api/types";
import { sorted } from "./sorting";

const row = (name: string, count: number, rate: number | null): SummaryRow => ({
  code: name,
  name,
  count,
  share: null,
  rank: 1,
  residents: null,
  rate_per_1000: rate,
  area_km2: 1,
  per_km2: count,
  comparison_count: null,
  change: null,
  change_percent: null,
});
const rows = [row("B", 2, null), row("C", 5, 1), row("A", 2, 3)];
const names = (by: "name" | "count" | "rate", isUp: boolean) =>
  sorted(rows, { by, isUp }).map(({ name }) => name);

describe("the table", () => {
  it("is sorted either way, equals by name", () => {
    expect(names("count", false)).toEqual(["C", "A", "B"]);
    expect(names("count", true)).toEqual(["A", "B", "C"]);
    expect(names("name", false)).toEqual(["C", "B", "A"]);
  });

  it("has rows without a value last either way", () => {
    expect(names("rate", true)).toEqual(["C", "A", "B"]);
    expect(names("rate", false)).toEqual(["A", "C", "B"]);
  });
});
