import type { SummaryRow } from "../api/types";

export type Column = "name" | "count" | "rate" | "change";

export interface Order {
  by: Column;
  isUp: boolean;
}

function value(row: SummaryRow, by: Column): string | number | null {
  switch (by) {
    case "name":
      return row.name;
    case "count":
      return row.count;
    case "rate":
      return row.rate_per_1000;
    case "change":
      return row.change_percent;
  }
}

/** Rows without a value stand last, whichever way the others go. */
export function sorted<T extends SummaryRow>(rows: readonly T[], { by, isUp }: Order): T[] {
  const way = isUp ? 1 : -1;
  return [...rows].sort((a, b) => {
    const [left, right] = [value(a, by), value(b, by)];
    if (left === null || right === null) return Number(left === null) - Number(right === null);
    if (typeof left === "string" || typeof right === "string")
      return way * String(left).localeCompare(String(right));
    return way * (left - right) || a.name.localeCompare(b.name);
  });
}
