import { signal, type Signal } from "@preact/signals";
import type { Place } from "../api/types";
import type { Area } from "../state/view";
import type { HotspotMap } from "./hotspotMap";

/** The maps that are there, for whoever sends the reader somewhere: the left or only one, then the right one. */
export const maps: Signal<readonly HotspotMap[]> = signal([]);

/** What is told of on the map; at most one thing. */
export interface Told {
  side: number;
  at: [number, number];
  hotspot: string | null;
  cell: string | null;
  area: Area | null;
}

export const told: Signal<Told | null> = signal(null);
/** What the pointer is over. */
export const hovered: Signal<Told | null> = signal(null);

/** Shows a place; null forgets the last one. */
export function goTo(place: Place | null): void {
  for (const map of maps.value) map.setPin(place && !place.bbox ? [place.lon, place.lat] : null);
  if (!place) return;
  const { lon, lat, bbox } = place;
  maps.value[0]?.frame(bbox ?? [lon - 0.004, lat - 0.0025, lon + 0.004, lat + 0.0025], 16);
}

export function goToArea(area: Area): void {
  maps.value[0]?.frameArea(area);
}
