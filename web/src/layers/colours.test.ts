import { describe, expect, it } from "vitest";
import type { Legend } from "../api/types";
import { byNight, css, paintsOf, readHex } from "./colours";

/** Relative luminance (WCAG 2). */
function luminance(colour: [number, number, number]): number {
  const [r, g, b] = colour.map((part) => {
    const share = part / 255;
    return share <= 0.04045 ? share / 12.92 : ((share + 0.055) / 1.055) ** 2.4;
  }) as [number, number, number];
  return 0.2126 * r + 0.7152 * g + 0.0722 * b;
}

describe("colours by night", () => {
  const ramp = ["#ffeda0", "#fed976", "#feb24c", "#fc4e2a", "#bd0026"].map(readHex);

  it("turn the order of lightness round, so that what is most stands out most", () => {
    const day = ramp.map(luminance);
    const night = ramp.map((colour) => luminance(byNight(colour)));
    for (let at = 1; at < ramp.length; at++) {
      expect(day[at]).toBeLessThan(day[at - 1] ?? 0);
      expect(night[at]).toBeGreaterThan(night[at - 1] ?? 0);
    }
  });

  it("leave grey grey, and stay colours", () => {
    const [r, g, b] = byNight(readHex("#bdbdbd"));
    expect(Math.max(r, g, b) - Math.min(r, g, b)).toBeLessThanOrEqual(1);
    for (const part of [...ramp, readHex("#000000"), readHex("#ffffff")].flatMap(byNight)) {
      expect(Number.isInteger(part) && part >= 0 && part <= 255).toBe(true);
    }
  });

  it("leave a ramp alone that rises to light", () => {
    const legend = (...fills: string[]) =>
      ({
        classes: fills.map((fill) => ({ fill, fill_opacity: 0.5, stroke: null, test: { is: "range" } })),
      }) as unknown as Legend;
    const fills = (...of: string[]) => paintsOf(legend(...of), true).map(({ fill }) => fill);
    expect(fills("#fde725", "#440154")).toEqual(["rgba(253,231,37,0.6)", "rgba(68,1,84,0.6)"]);
    expect(fills("#bd0026", "#ffeda0")[0]).not.toBe("rgba(189,0,38,0.6)");
  });

  it("are written as CSS has them", () => {
    expect(css(readHex("#102030"), 0.5)).toBe("rgba(16,32,48,0.5)");
  });
});
