import type { Map as MapLibre } from "maplibre-gl";
import type { Inks } from "./ground";

/**
 * Names of areas without a server of letters: each is drawn once by the browser and is a picture on the map, so that
 * MapLibre places it, keeps names from running over each other, and has it in exported pictures.
 */

const SIZE = 12;
const LINE = 14;
const HALO = 3;
/** Pixels of a picture for one on the page. */
const SHARP = 2;

/** Two lines of about the same length, for names of several words. */
export function inLines(name: string): string[] {
  const words = name.split(" ");
  if (words.length < 2 || name.length < 12) return [name];
  let best = 1;
  const uneven = (first: number) =>
    Math.abs(words.slice(0, first).join(" ").length - words.slice(first).join(" ").length);
  for (let first = 2; first < words.length; first++) if (uneven(first) < uneven(best)) best = first;
  return [words.slice(0, best).join(" "), words.slice(best).join(" ")];
}

function drawn(name: string, ink: Inks): ImageData | null {
  const canvas = document.createElement("canvas");
  const pen = canvas.getContext("2d");
  if (!pen) return null;
  const font = `600 ${SIZE * SHARP}px system-ui, "Segoe UI", "Noto Sans", "DejaVu Sans", sans-serif`;
  pen.font = font;
  const lines = inLines(name);
  const width = Math.max(...lines.map((line) => pen.measureText(line).width));
  canvas.width = Math.ceil(width + 2 * HALO * SHARP);
  canvas.height = (LINE * lines.length + 2 * HALO) * SHARP;
  pen.font = font;
  pen.textAlign = "center";
  pen.textBaseline = "middle";
  pen.lineJoin = "round";
  pen.lineWidth = HALO * SHARP;
  pen.strokeStyle = ink.nameHalo;
  pen.fillStyle = ink.name;
  lines.forEach((line, number) => {
    const y = (HALO + LINE * (number + 0.5)) * SHARP;
    pen.strokeText(line, canvas.width / 2, y);
    pen.fillText(line, canvas.width / 2, y);
  });
  return pen.getImageData(0, 0, canvas.width, canvas.height);
}

const PREFIX = "name:";

export function imageOf(name: string): string {
  return PREFIX + name;
}

/** Draws names when the map first needs them. */
export function drawNames(map: MapLibre, ink: () => Inks): void {
  map.setMissingStyleImageResolver((id) => {
    if (!id.startsWith(PREFIX) || map.hasImage(id)) return;
    const image = drawn(id.slice(PREFIX.length), ink());
    if (image) map.addImage(id, image, { pixelRatio: SHARP });
  });
}

/** Draws them again in other inks. */
export function redrawNames(map: MapLibre, ink: Inks): void {
  for (const id of map.listImages().filter((known) => known.startsWith(PREFIX))) {
    const image = drawn(id.slice(PREFIX.length), ink);
    if (image) map.updateImage(id, image);
  }
}
