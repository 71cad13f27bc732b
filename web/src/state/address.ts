import { batch, effect } from "@preact/signals";
import { periodText, readPeriod } from "./months";
import * as view from "./view";
import type { Camera, Overlay } from "./view";

/** The view as the query part of an address, and back. What is as usual is left out. */

function oneOf<T extends string>(all: readonly T[], text: string | null): T | undefined {
  return all.find((known) => known === text);
}

function slug(text: string | null): string | null {
  return text !== null && /^[a-z0-9][a-z0-9_-]{0,63}$/.test(text) ? text : null;
}

function whole(text: string | null, least: number, most: number): number | null {
  const number = text === null || text === "" ? NaN : Number(text);
  return Number.isInteger(number) && number >= least && number <= most ? number : null;
}

function comparing(text: string | null): string | null {
  const known = oneOf(["before", "year-before", "none", "same"], text);
  if (known) return known;
  const own = readPeriod(text);
  return own && periodText(own);
}

export function cameraText({ zoom, lat, lon }: Camera): string {
  return `${zoom.toFixed(2)}/${lat.toFixed(5)}/${lon.toFixed(5)}`;
}

export function readCamera(text: string | null): Camera | null {
  const [zoom, lat, lon] = (text ?? "").split("/").map(Number);
  const isGiven = [zoom, lat, lon].every((part) => part !== undefined && Number.isFinite(part));
  if (!isGiven || zoom === undefined || lat === undefined || lon === undefined) return null;
  if (zoom < 0 || zoom > 24 || Math.abs(lat) > 85 || Math.abs(lon) > 180) return null;
  return { zoom, lat, lon };
}

function readArea(text: string | null): view.Area | null {
  const [layer, code] = (text ?? "").split("/", 2);
  return layer && code && slug(layer) ? { layer, code } : null;
}

function readOverlays(text: string): ReadonlySet<Overlay> {
  const named = text.split(",");
  return new Set(view.OVERLAYS.filter((overlay) => named.includes(overlay)));
}

const USUAL_OVERLAYS = "hotspots,names";

/** Sets every choice from an address; what it does not name is as usual. */
export function readAddress(query: string): void {
  const of = new URLSearchParams(query);
  batch(() => {
    view.priority.value = slug(of.get("priority"));
    view.period.value = readPeriod(of.get("period"));
    view.compare.value = comparing(of.get("compare"));
    view.surface.value = oneOf(view.SURFACES, of.get("show")) ?? "hex";
    view.style.value = slug(of.get("style"));
    view.layer.value = slug(of.get("layer")) ?? "ward";
    view.overlays.value = readOverlays(of.get("over") ?? USUAL_OVERLAYS);
    view.opacity.value = whole(of.get("opacity"), 0, 100) ?? 85;
    view.classesOf.value = readPeriod(of.get("classes"));
    view.area.value = readArea(of.get("area"));
    view.tab.value = oneOf(view.TABS, of.get("tab")) ?? "findings";
    view.camera.value = readCamera(of.get("at"));
    view.split.value = oneOf(view.SPLITS, of.get("maps")) ?? "one";
    view.otherPriority.value = slug(of.get("other"));
    view.otherPeriod.value = comparing(of.get("other-period"));
    view.swipe.value = whole(of.get("swipe"), 0, 100) ?? 50;
  });
}

/** The address of the view. */
export function writeAddress(): string {
  const parts: [string, string | null, string?][] = [
    ["priority", view.priority.value],
    ["period", view.period.value && periodText(view.period.value)],
    ["compare", view.compare.value],
    ["show", view.surface.value, "hex"],
    ["style", view.style.value],
    ["layer", view.layer.value, "ward"],
    ["over", view.OVERLAYS.filter((overlay) => view.overlays.value.has(overlay)).join(","), USUAL_OVERLAYS],
    ["opacity", String(view.opacity.value), "85"],
    ["classes", view.classesOf.value && periodText(view.classesOf.value)],
    ["area", view.area.value && `${view.area.value.layer}/${view.area.value.code}`],
    ["tab", view.tab.value, "findings"],
    ["maps", view.split.value, "one"],
    ["other", view.otherPriority.value],
    ["other-period", view.otherPeriod.value],
    ["swipe", String(view.swipe.value), "50"],
    ["at", view.camera.value && cameraText(view.camera.value)],
  ];
  const given = parts.filter(([, value, usual]) => value !== null && value !== usual);
  // Slashes, commas and colons may stand in a query; written out they can be read.
  return given
    .map(
      ([name, value]) =>
        `${name}=${encodeURIComponent(value ?? "")
          .replace(/%2F/g, "/")
          .replace(/%2C/g, ",")}`,
    )
    .join("&");
}

/** What makes a step that "back" returns from; the rest replaces the address in place. */
function stepOf(query: string): string {
  const of = new URLSearchParams(query);
  return ["priority", "show", "layer", "area", "maps", "other"].map((name) => of.get(name)).join("|");
}

/** Keeps the address bar and the view the same, in both directions. */
export function keepAddress(): void {
  readAddress(location.search);
  let due: ReturnType<typeof setTimeout> | undefined;
  // Browsers refuse more than some hundred changes in half a minute: dragging makes one.
  const write = (query: string) => {
    const now = location.search.replace(/^\?/, "");
    if (query === now) return;
    const address = `${location.pathname}${query && "?"}${query}`;
    if (stepOf(query) === stepOf(now)) history.replaceState(null, "", address);
    else history.pushState(null, "", address);
  };
  effect(() => {
    const query = writeAddress();
    clearTimeout(due);
    due = setTimeout(() => write(query), 200);
  });
  addEventListener("popstate", () => {
    clearTimeout(due);
    readAddress(location.search);
  });
}
