import { describe, expect, it } from "vitest";
import type { ClassTest, Legend, LegendClass } from "../api/types";
import { classOf } from "./classes";

const drawn = (test: ClassTest): LegendClass => ({
  label: "",
  test,
  fill: "#ffffff",
  fill_opacity: 1,
  stroke: null,
  stroke_opacity: 0,
  stroke_px: 0,
  radius_px: 0,
});

const legend = (field: string | null, ...tests: ClassTest[]): Legend => ({
  title: "",
  style: "",
  shows: "",
  geometry: "area",
  field,
  unit: null,
  class_rule: null,
  classes: tests.map(drawn),
  notices: [],
  attribution: null,
});

describe("classes", () => {
  const counts = legend(
    "count",
    { is: "range", from: 5, below: null },
    { is: "range", from: 1, below: 5 },
    { is: "range", from: null, below: 1 },
    { is: "absent" },
  );

  it("hold their least value and not their end", () => {
    const numbers = [5, 100, 4.999, 1, 0, -3].map((count) => classOf(counts, { count }));
    expect(numbers).toEqual([0, 0, 1, 1, 2, 2]);
  });

  it("tell what has no value from nought", () => {
    expect(classOf(counts, { count: null })).toBe(3);
    expect(classOf(counts, {})).toBe(3);
  });

  it("are the first that fits, or none", () => {
    const named = legend("kind", { is: "text", value: "a" }, { is: "all" });
    expect([classOf(named, { kind: "a" }), classOf(named, { kind: "b" })]).toEqual([0, 1]);
    expect(classOf(legend("kind", { is: "text", value: "a" }), { kind: "b" })).toBe(-1);
    expect(classOf(legend(null, { is: "all" }), {})).toBe(0);
  });
});
