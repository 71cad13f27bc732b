import { describe, expect, it } from "vitest";
import { fit, plain } from "./places";

describe("finding by name", () => {
  it("does not mind capitals, accents and apostrophes", () => {
    expect(plain("St. James’s")).toBe("st jamess");
    expect(fit("St James's", "st jamess")).toBe(0);
    expect(fit("Café Row", "cafe")).toBe(0);
  });

  it("puts beginnings first", () => {
    expect(["Halesowen North", "Colley Gate Hales", "Challenge"].map((name) => fit(name, "hal"))).toEqual([
      0, 1, 2,
    ]);
    expect(fit("Norton", "hal")).toBeNull();
  });
});
