import { describe, expect, it } from "vitest";
import { pulled } from "./monthBars";

const within = { from: 0, to: 23 };
const period = { from: 10, to: 15 };

describe("the window over the months", () => {
  it("is moved as a whole and stays within", () => {
    expect(pulled(period, "window", 3, within)).toEqual({ from: 13, to: 18 });
    expect(pulled(period, "window", 99, within)).toEqual({ from: 18, to: 23 });
    expect(pulled(period, "window", -99, within)).toEqual({ from: 0, to: 5 });
  });

  it("is pulled by its edges, which never cross", () => {
    expect(pulled(period, "from", -4, within)).toEqual({ from: 6, to: 15 });
    expect(pulled(period, "from", 99, within)).toEqual({ from: 15, to: 15 });
    expect(pulled(period, "to", 99, within)).toEqual({ from: 10, to: 23 });
    expect(pulled(period, "to", -99, within)).toEqual({ from: 10, to: 10 });
  });
});
