import { describe, expect, it } from "vitest";
import { one, percent, pIs, probability, signedPercent, whole } from "./numbers";

describe("numbers for people", () => {
  it("have as many figures as tell something", () => {
    expect([whole(12345), one(3.14159), one(431.7)]).toEqual(["12,345", "3.1", "432"]);
    expect([percent(0.0345), percent(0.345)]).toEqual(["3.5\u00a0%", "35\u00a0%"]);
  });

  it("carry a real sign", () => {
    expect([signedPercent(12.4), signedPercent(-7), signedPercent(0)]).toEqual([
      "+12\u00a0%",
      "−7\u00a0%",
      "±0\u00a0%",
    ]);
  });

  it("say so where there is none", () => {
    expect([whole(null), one(undefined), percent(NaN)]).toEqual(["–", "–", "–"]);
  });

  it("do not pretend to know small probabilities", () => {
    expect([probability(0.00001), pIs(0.00001), pIs(0.0312)]).toEqual(["< 0.001", "p < 0.001", "p = 0.031"]);
  });
});
