import { strings } from "./strings";

/** Numbers for people: grouped, with as many figures as can be told apart. */

const WHOLE = new Intl.NumberFormat("en-GB", { maximumFractionDigits: 0 });
const ONE = new Intl.NumberFormat("en-GB", { minimumFractionDigits: 1, maximumFractionDigits: 1 });
const TWO = new Intl.NumberFormat("en-GB", { minimumFractionDigits: 2, maximumFractionDigits: 2 });

type Perhaps = number | null | undefined;

function given(value: Perhaps, written: (value: number) => string): string {
  if (value === null || value === undefined || Number.isNaN(value)) return strings.numbers.none;
  return written(value).replace("-", "−");
}

export function whole(value: Perhaps): string {
  return given(value, (number) => WHOLE.format(number));
}

/** Of computed parameters: as many figures as anybody will compare. */
export function exact(value: number): string {
  return Number.isInteger(value) ? String(value) : String(Number(value.toPrecision(5)));
}

export function one(value: Perhaps): string {
  return given(value, (number) => (Math.abs(number) >= 100 ? WHOLE : ONE).format(number));
}

export function two(value: Perhaps): string {
  return given(value, (number) => TWO.format(number));
}

/** A share from 0 to 1: "12 %", "3.4 %". */
export function percent(share: Perhaps): string {
  return given(share, (number) => {
    const hundredths = number * 100;
    return `${(Math.abs(hundredths) < 10 ? ONE : WHOLE).format(hundredths)}\u00a0%`;
  });
}

/** With its sign, which is a real minus: "+12 %". */
export function signedPercent(value: Perhaps): string {
  return given(value, (number) => `${sign(number)}${WHOLE.format(Math.abs(number))}\u00a0%`);
}

export function signed(value: Perhaps, written = whole): string {
  return given(value, (number) => `${sign(number)}${written(Math.abs(number))}`);
}

function sign(number: number): string {
  if (Math.round(number * 100) === 0) return "±";
  return number > 0 ? "+" : "−";
}

/** Three decimals at most; what is smaller is only that. */
export function probability(p: Perhaps): string {
  return given(p, (number) => (number < 0.001 ? strings.numbers.lessThan("0.001") : number.toFixed(3)));
}

/** "p = 0.031", "p < 0.001". */
export function pIs(p: Perhaps): string {
  return given(p, (number) => (number < 0.001 ? `p ${probability(number)}` : `p = ${probability(number)}`));
}

/** A list in words: "A, B and C". */
export const inWords = new Intl.ListFormat("en-GB", { style: "long", type: "conjunction" });
