import type { MonthText } from "../api/types";

/** A month as a number that can be counted with: 12 a year. */
export type Month = number;

/** A run of whole months, both included. */
export interface Period {
  from: Month;
  to: Month;
}

export function month(text: MonthText): Month {
  const [year, inYear] = text.split("-").map(Number);
  return (year ?? 0) * 12 + (inYear ?? 1) - 1;
}

export function monthText(of: Month): MonthText {
  return `${String(Math.floor(of / 12)).padStart(4, "0")}-${String((of % 12) + 1).padStart(2, "0")}`;
}

/** As the service writes periods: a month, or a run of months. */
export function periodText({ from, to }: Period): string {
  return from === to ? monthText(from) : `${monthText(from)}/${monthText(to)}`;
}

/** Null for anything that is not a run of months. */
export function readPeriod(text: string | null): Period | null {
  const parts = /^(\d{4}-(?:0[1-9]|1[0-2]))(?:\/(\d{4}-(?:0[1-9]|1[0-2])))?$/.exec(text ?? "");
  if (!parts?.[1]) return null;
  const from = month(parts[1]);
  const to = parts[2] ? month(parts[2]) : from;
  return from <= to ? { from, to } : null;
}

export function lengthOf({ from, to }: Period): number {
  return to - from + 1;
}

export function moved({ from, to }: Period, months: number): Period {
  return { from: from + months, to: to + months };
}

/** The period, moved or cut so that it lies within what there is. */
export function fitted(period: Period, within: Period): Period {
  const months = Math.min(lengthOf(period), lengthOf(within));
  const from = Math.min(Math.max(period.from, within.from), within.to - months + 1);
  return { from, to: from + months - 1 };
}

export function contains(outer: Period, inner: Period): boolean {
  return outer.from <= inner.from && inner.to <= outer.to;
}

/** The comparison period; null where there is to be none. */
export function comparison(period: Period, compare: string): Period | null {
  if (compare === "before") return moved(period, -lengthOf(period));
  if (compare === "year-before") return moved(period, -12);
  return readPeriod(compare);
}

const SHORT = new Intl.DateTimeFormat("en-GB", { month: "short", timeZone: "UTC" });
const LONG = new Intl.DateTimeFormat("en-GB", { month: "long", year: "numeric", timeZone: "UTC" });

function date(of: Month): Date {
  return new Date(Date.UTC(Math.floor(of / 12), of % 12, 1));
}

/** "Nov". */
export function shortName(of: Month): string {
  return SHORT.format(date(of));
}

/** "November 2025". */
export function longName(of: Month): string {
  return LONG.format(date(of));
}

/** "Dec 2024 – Nov 2025", "Jan – Mar 2025" or "Mar 2025". */
export function periodName({ from, to }: Period): string {
  const year = (of: Month) => Math.floor(of / 12);
  if (from === to) return `${shortName(from)} ${year(from)}`;
  const first = year(from) === year(to) ? shortName(from) : `${shortName(from)} ${year(from)}`;
  return `${first} – ${shortName(to)} ${year(to)}`;
}
