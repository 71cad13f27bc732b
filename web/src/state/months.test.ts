import { describe, expect, it } from "vitest";
import {
  comparison,
  contains,
  fitted,
  lengthOf,
  month,
  monthText,
  moved,
  periodName,
  periodText,
  readPeriod,
  type Period,
} from "./months";

const period = (from: string, to: string): Period => ({ from: month(from), to: month(to) });

describe("months", () => {
  it("are written as they are read", () => {
    for (const text of ["2024-01", "2024-12", "1999-07"]) expect(monthText(month(text))).toBe(text);
    expect(month("2025-01") - month("2024-12")).toBe(1);
  });

  it("make periods that the service reads", () => {
    expect(periodText(period("2024-12", "2025-11"))).toBe("2024-12/2025-11");
    expect(periodText(period("2024-12", "2024-12"))).toBe("2024-12");
    expect(readPeriod("2024-12/2025-11")).toEqual(period("2024-12", "2025-11"));
    for (const text of [
      null,
      "",
      "2024",
      "2024-13",
      "2025-01/2024-01",
      "2024-01-01/2024-02-01",
      "2024-01/",
    ]) {
      expect(readPeriod(text)).toBeNull();
    }
  });

  it("stay within what there is, and keep their length while they can", () => {
    const within = period("2024-01", "2025-12");
    expect(fitted(period("2025-06", "2026-05"), within)).toEqual(period("2025-01", "2025-12"));
    expect(fitted(period("2023-06", "2023-08"), within)).toEqual(period("2024-01", "2024-03"));
    expect(fitted(period("2000-01", "2030-01"), within)).toEqual(within);
    for (let by = -40; by <= 40; by++) {
      const now = fitted(moved(period("2025-01", "2025-06"), by), within);
      expect(contains(within, now) && lengthOf(now) === 6).toBe(true);
    }
  });

  it("are compared with those before, a year before, or their own", () => {
    const half = period("2025-07", "2025-12");
    expect(comparison(half, "before")).toEqual(period("2025-01", "2025-06"));
    expect(comparison(half, "year-before")).toEqual(period("2024-07", "2024-12"));
    expect(comparison(half, "2023-01/2023-06")).toEqual(period("2023-01", "2023-06"));
    expect(comparison(half, "none")).toBeNull();
  });

  it("have names that people read", () => {
    expect(periodName(period("2025-01", "2025-03"))).toBe("Jan – Mar 2025");
    expect(periodName(period("2024-12", "2025-11"))).toBe("Dec 2024 – Nov 2025");
    expect(periodName(period("2025-03", "2025-03"))).toBe("Mar 2025");
  });
});
