import { describe, expect, it } from "vitest";
import { inLines } from "./names";

describe("names on the map", () => {
  it("are broken where both lines come out alike", () => {
    expect(inLines("Brierley Hill")).toEqual(["Brierley", "Hill"]);
    expect(inLines("Kingswinford North and Wall Heath")).toEqual(["Kingswinford North", "and Wall Heath"]);
  });

  it("are left whole where they are short or one word", () => {
    expect(inLines("Norton")).toEqual(["Norton"]);
    expect(inLines("St James's")).toEqual(["St James's"]);
    expect(inLines("Wolverhampton")).toEqual(["Wolverhampton"]);
  });
});
