import { describe, expect, it } from "vitest";
import type { PolygonShape, Position } from "../api/types";
import { allBut, boxOf, holds, middle } from "./geometry";

const square = (x: number, y: number, side: number): Position[] => [
  [x, y],
  [x + side, y],
  [x + side, y + side],
  [x, y + side],
  [x, y],
];
const polygon = (...coordinates: Position[][]): PolygonShape => ({ type: "Polygon", coordinates });

describe("geometry", () => {
  it("frames shapes", () => {
    expect(boxOf([polygon(square(0, 50, 1)), polygon(square(3, 49, 1))])).toEqual([0, 49, 4, 51]);
    expect(boxOf([])).toBeNull();
  });

  it("knows what lies in a shape and what in a hole of it", () => {
    const ring = polygon(square(0, 0, 10), square(4, 4, 2));
    expect(holds(ring, [1, 1])).toBe(true);
    expect(holds(ring, [5, 5])).toBe(false);
    expect(holds(ring, [11, 5])).toBe(false);
  });

  it("puts a name inside, where the middle of the box is outside", () => {
    const horseshoe = polygon([
      [0, 50],
      [9, 50],
      [9, 53],
      [8, 53],
      [8, 51],
      [1, 51],
      [1, 53],
      [0, 53],
      [0, 50],
    ]);
    const at = middle(horseshoe);
    expect(at && holds(horseshoe, at)).toBe(true);
    expect(holds(horseshoe, [4.5, 51.5])).toBe(false);
  });

  it("puts it in the largest part", () => {
    const at = middle({ type: "MultiPolygon", coordinates: [[square(0, 50, 0.1)], [square(5, 50, 1)]] });
    expect(at?.[0]).toBeGreaterThan(5);
  });

  it("turns a shape inside out", () => {
    const outside = allBut(polygon(square(0, 50, 1)));
    expect(holds(outside, [0.5, 50.5])).toBe(false);
    expect(holds(outside, [2, 50.5])).toBe(true);
  });
});
