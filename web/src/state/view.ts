import { signal, type Signal } from "@preact/signals";
import type { Period } from "./months";

/**
 * What the reader has chosen. All of it is in the address bar (see `address.ts`); a null leaves the choice to the
 * priority's own rule.
 */

/** What fills the map; one at a time, because two fills cannot be read through each other. */
export type Surface = "density" | "hex" | "emerging" | "areas" | "none";
export const SURFACES: readonly Surface[] = ["hex", "density", "emerging", "areas", "none"];

/** What is drawn over it. */
export type Overlay = "hotspots" | "incidents" | "names";
export const OVERLAYS: readonly Overlay[] = ["hotspots", "incidents", "names"];

export type Tab = "findings" | "areas" | "time" | "places" | "method";
export const TABS: readonly Tab[] = ["findings", "areas", "time", "places", "method"];

export type Split = "one" | "side" | "swipe";
export const SPLITS: readonly Split[] = ["one", "side", "swipe"];

export interface Area {
  layer: string;
  code: string;
}

export interface Camera {
  zoom: number;
  lat: number;
  lon: number;
}

export const priority: Signal<string | null> = signal(null);
export const period: Signal<Period | null> = signal(null);
/** `before`, `year-before`, `none`, or a period. */
export const compare: Signal<string | null> = signal(null);
export const surface: Signal<Surface> = signal("hex");
/** How the surface is drawn, by the ids that the service gives its styles. */
export const style: Signal<string | null> = signal(null);
/** The boundary layer that areas are told by. */
export const layer: Signal<string> = signal("ward");
export const overlays: Signal<ReadonlySet<Overlay>> = signal(new Set<Overlay>(["hotspots", "names"]));
/** Of the surface, in percent. */
export const opacity: Signal<number> = signal(85);
/** The period whose classes are kept while the period on the map moves. */
export const classesOf: Signal<Period | null> = signal(null);
export const area: Signal<Area | null> = signal(null);
export const tab: Signal<Tab> = signal("findings");
export const camera: Signal<Camera | null> = signal(null);
export const split: Signal<Split> = signal("one");
/** The second map: its priority, and its period as one would compare with. */
export const otherPriority: Signal<string | null> = signal(null);
export const otherPeriod: Signal<string | null> = signal(null);
/** Where the swipe stands, in percent from the left. */
export const swipe: Signal<number> = signal(50);

/** What the pointer or the keyboard is on, in a table or on the map; not in the address. */
export const pointed: Signal<Area | null> = signal(null);
export const isPlaying: Signal<boolean> = signal(false);
