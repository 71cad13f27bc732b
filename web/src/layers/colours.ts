import type { Legend } from "../api/types";

/**
 * Colours come from the service, made for white paper. On a dark ground a pale colour would stand out most, so there
 * the lightness of each is turned round and its hue kept: what is near the ground by day is near it by night.
 */

type Triple = [number, number, number];

export function readHex(hex: string): Triple {
  const whole = parseInt(hex.slice(1), 16);
  return [(whole >> 16) & 255, (whole >> 8) & 255, whole & 255];
}

const toLinear = (part: number) => {
  const share = part / 255;
  return share <= 0.04045 ? share / 12.92 : ((share + 0.055) / 1.055) ** 2.4;
};

const fromLinear = (part: number) => {
  const within = Math.min(1, Math.max(0, part));
  return Math.round(255 * (within <= 0.0031308 ? within * 12.92 : 1.055 * within ** (1 / 2.4) - 0.055));
};

/** Ottosson, B. (2020). *A perceptual color space for image processing*: OKLab. */
function toOklab(colour: Triple): Triple {
  const [r, g, b] = colour.map(toLinear) as Triple;
  const l = Math.cbrt(0.4122214708 * r + 0.5363325363 * g + 0.0514459929 * b);
  const m = Math.cbrt(0.2119034982 * r + 0.6806995451 * g + 0.1073969566 * b);
  const s = Math.cbrt(0.0883024619 * r + 0.2817188376 * g + 0.6299787005 * b);
  return [
    0.2104542553 * l + 0.793617785 * m - 0.0040720468 * s,
    1.9779984951 * l - 2.428592205 * m + 0.4505937099 * s,
    0.0259040371 * l + 0.7827717662 * m - 0.808675766 * s,
  ];
}

function fromOklab([light, a, b]: Triple): Triple {
  const l = (light + 0.3963377774 * a + 0.2158037573 * b) ** 3;
  const m = (light - 0.1055613458 * a - 0.0638541728 * b) ** 3;
  const s = (light - 0.0894841775 * a - 1.291485548 * b) ** 3;
  return [
    fromLinear(4.0767416621 * l - 3.3077115913 * m + 0.2309699292 * s),
    fromLinear(-1.2684380046 * l + 2.6097574011 * m - 0.3413193965 * s),
    fromLinear(-0.0041960863 * l - 0.7034186147 * m + 1.707614701 * s),
  ];
}

/** The lightness of white by night, how far from it black is, and how much the pale colours are spread. */
const NIGHT = { dark: 0.32, range: 0.75, spread: 0.85 };
/** Dark grounds swallow what shows through more than white paper does. */
const NIGHT_ALPHA = 1.2;

export function byNight(colour: Triple): Triple {
  const [light, a, b] = toOklab(colour);
  return fromOklab([NIGHT.dark + Math.max(0, 1 - light) ** NIGHT.spread * NIGHT.range, a, b]);
}

export function css([r, g, b]: Triple, alpha: number): string {
  return `rgba(${r},${g},${b},${Math.round(alpha * 1000) / 1000})`;
}

export interface Paint {
  fill: string;
  line: string;
}

function lightness(hex: string | null | undefined): number {
  return hex ? toOklab(readHex(hex))[0] : 1;
}

/** Ramps such as viridis rise to bright yellow: they stand out on dark ground as they are. */
function isMadeForNight({ classes }: Legend): boolean {
  const [most, least] = [classes[0], classes.at(-1)];
  return most?.test.is === "range" && lightness(most.fill) > lightness(least?.fill) + 0.15;
}

/** The fill of each class of a legend and the line around it, as CSS writes colours. */
export function paintsOf(legend: Legend, isNight: boolean): Paint[] {
  const isTurned = isNight && !isMadeForNight(legend);
  const paint = (hex: string | null, alpha: number) => {
    if (hex === null) return "rgba(0,0,0,0)";
    const colour = readHex(hex);
    return css(isTurned ? byNight(colour) : colour, isNight ? Math.min(1, alpha * NIGHT_ALPHA) : alpha);
  };
  return legend.classes.map((drawn) => ({
    fill: paint(drawn.fill, drawn.fill_opacity),
    line: paint(drawn.stroke, drawn.stroke_opacity),
  }));
}
