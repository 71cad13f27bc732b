import { paintsOf } from "../layers/colours";
import { first } from "../state/mapData";
import { periodName, periodText } from "../state/months";
import { landing, settings } from "../state/service";
import { scene } from "../state/scene";
import { isNight } from "../state/theme";
import { strings } from "../strings";
import { maps } from "./going";

/** The map as a picture that can stand alone: with title, period, legend, scale and what has to be known. */

const FONT = 'system-ui, "Segoe UI", "Noto Sans", "DejaVu Sans", sans-serif';
const MARGIN = 20;
const HEAD = 62;
const LINE = 21;

interface Pen {
  at: CanvasRenderingContext2D;
  text: string;
  quiet: string;
}

function write({ at, text }: Pen, what: string, x: number, y: number, font: string, colour = text): void {
  at.font = `${font} ${FONT}`;
  at.fillStyle = colour;
  at.fillText(what, x, y);
}

/** Draws the maps as they are this moment. */
function drawMaps({ at }: Pen, sharp: number): void {
  const [left] = maps.value;
  const stage = left?.map.getContainer().closest(".maps")?.getBoundingClientRect();
  if (!stage) return;
  for (const { map } of maps.value) {
    // What is drawn is only there until the browser has shown it, so it is taken right after drawing.
    map.redraw();
    const box = map.getCanvas().getBoundingClientRect();
    const clip = map
      .getContainer()
      .parentElement?.style.clipPath.match(/inset\(0(?:px)? 0(?:px)? 0(?:px)? ([\d.]+)%\)/);
    const cut = clip?.[1] ? (Number(clip[1]) / 100) * box.width : 0;
    at.drawImage(
      map.getCanvas(),
      cut * sharp,
      0,
      (box.width - cut) * sharp,
      box.height * sharp,
      box.left - stage.left + cut,
      HEAD + box.top - stage.top,
      box.width - cut,
      box.height,
    );
  }
}

function drawLegend(pen: Pen, x: number, y: number): void {
  const legend = first.surface.value?.legend;
  if (!legend) return;
  write(
    pen,
    [legend.shows, legend.unit && !/ per /.test(legend.shows) ? `(${legend.unit})` : ""].join(" "),
    x,
    y,
    "600 13px",
  );
  const paints = paintsOf(legend, isNight.value);
  legend.classes.forEach((drawn, number) => {
    const { fill = "", line = "" } = paints[number] ?? {};
    const top = y + 12 + number * LINE;
    pen.at.fillStyle = fill;
    pen.at.strokeStyle = line;
    pen.at.fillRect(x, top, 18, 13);
    pen.at.strokeRect(x + 0.5, top + 0.5, 17, 12);
    write(pen, drawn.label, x + 26, top + 11, "13px");
  });
}

/** A bar of a round length. */
function drawScale(pen: Pen, right: number, y: number): void {
  const map = maps.value[0]?.map;
  if (!map) return;
  const { lng, lat } = map.getCenter();
  const a = map.project([lng, lat]);
  const b = map.project([lng + 0.01, lat]);
  const metres = (0.01 * 111_320 * Math.cos((lat * Math.PI) / 180)) / Math.hypot(b.x - a.x, b.y - a.y);
  const most = metres * 120;
  const ten = 10 ** Math.floor(Math.log10(most));
  const round = [5, 2, 1].map((step) => step * ten).find((length) => length <= most) ?? ten;
  const width = round / metres;
  pen.at.fillStyle = pen.text;
  pen.at.fillRect(right - width, y, width, 2);
  pen.at.fillRect(right - width, y - 5, 2, 7);
  pen.at.fillRect(right - 2, y - 5, 2, 7);
  write(pen, round >= 1000 ? `${round / 1000} km` : `${round} m`, right - width, y - 9, "12px");
}

/** Words broken into lines that fit. */
function broken({ at }: Pen, text: string, width: number): string[] {
  at.font = `11px ${FONT}`;
  const lines: string[] = [];
  let line = "";
  for (const word of text.split(" ")) {
    const longer = line ? `${line} ${word}` : word;
    if (line && at.measureText(longer).width > width) {
      lines.push(line);
      line = word;
    } else line = longer;
  }
  return line ? [...lines, line] : lines;
}

export function picture(): HTMLCanvasElement | null {
  const map = maps.value[0]?.map;
  const shown = scene.value;
  const stage = map?.getContainer().closest(".maps")?.getBoundingClientRect();
  if (!map || !shown || !stage?.width) return null;
  const sharp = map.getPixelRatio();
  const data = first.surface.value;
  const lines = data?.legend.classes.length ?? 0;
  const canvas = document.createElement("canvas");
  const at = canvas.getContext("2d");
  if (!at) return null;
  const pen: Pen = {
    at,
    text: isNight.value ? "#e4eaef" : "#1b2733",
    quiet: isNight.value ? "#a3b1bd" : "#51606e",
  };
  const legendWidth = 260;
  const sources = [data?.legend.attribution, settings.value?.basemap?.attribution.replace(/<[^>]*>/g, "")];
  const words = [
    ...(data?.notices ?? []),
    ...sources.filter((source) => source !== null && source !== undefined),
  ];
  const noteWidth = Math.max(200, stage.width - legendWidth - 3 * MARGIN);
  const notes = words.flatMap((notice) => broken(pen, notice, noteWidth));
  const foot = Math.max(MARGIN * 2 + 20 + lines * LINE, MARGIN * 2 + 34 + notes.length * 15);
  canvas.width = stage.width * sharp;
  canvas.height = (HEAD + stage.height + foot) * sharp;
  at.scale(sharp, sharp);
  at.fillStyle = isNight.value ? "#12181e" : "#ffffff";
  at.fillRect(0, 0, stage.width, HEAD + stage.height + foot);
  write(pen, shown.priority.title, MARGIN, 28, "650 19px");
  const under = [periodName(shown.period), data?.legend.shows, landing.value?.title]
    .filter(Boolean)
    .join(" · ");
  write(pen, under, MARGIN, 49, "13px", pen.quiet);
  drawMaps(pen, sharp);
  const top = HEAD + stage.height + MARGIN;
  drawLegend(pen, MARGIN, top + 8);
  drawScale(pen, stage.width - MARGIN, top + 14);
  notes.forEach((note, number) =>
    write(pen, note, legendWidth + 2 * MARGIN, top + 38 + number * 15, "11px", pen.quiet),
  );
  return canvas;
}

export async function savePicture(): Promise<void> {
  const shown = scene.value;
  const blob = await new Promise<Blob | null>((done) => {
    const drawn = picture();
    if (drawn) drawn.toBlob(done, "image/png");
    else done(null);
  });
  if (!blob || !shown) return;
  const link = document.createElement("a");
  link.href = URL.createObjectURL(blob);
  link.download = strings.share.file(shown.priority.id, periodText(shown.period).replace("/", "-"));
  link.click();
  setTimeout(() => URL.revokeObjectURL(link.href), 10_000);
}

/** Printers do not see what WebGL drew: a picture takes its place on paper. */
export function keepPrintable(): void {
  let paper: HTMLElement | null = null;
  addEventListener("beforeprint", () => {
    const drawn = picture();
    if (!drawn) return;
    paper = document.createElement("figure");
    paper.className = "paper";
    const image = document.createElement("img");
    image.src = drawn.toDataURL("image/png");
    image.alt = strings.app.mapLabel;
    paper.append(image);
    document.body.prepend(paper);
  });
  addEventListener("afterprint", () => {
    paper?.remove();
    paper = null;
  });
}
