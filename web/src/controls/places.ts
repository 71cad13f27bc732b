import { ask, Fault } from "../api/ask";
import { query } from "../api/addresses";
import type { Place } from "../api/types";
import { boxOf, middle } from "../map/geometry";
import { boundaries } from "../state/service";

const MOST = 8;

/** Lower case, without accents and apostrophes: "St. James's" is found by "st james". */
export function plain(text: string): string {
  return text
    .normalize("NFKD")
    .replace(/[\u0300-\u036f'’.]/g, "")
    .toLowerCase();
}

/** How well a name fits: 0 begins with it, 1 a word of it does, 2 holds it; null does not. */
export function fit(name: string, wanted: string): number | null {
  const at = plain(name).indexOf(plain(wanted));
  if (at < 0) return null;
  if (at === 0) return 0;
  return plain(name)[at - 1] === " " ? 1 : 2;
}

/** The areas whose name fits, the best first. */
export function areasCalled(wanted: string): Place[] {
  const found = [...boundaries.value.values()].flatMap(({ layer, areas }, order) =>
    areas.features.flatMap(({ geometry, properties: { name, code } }) => {
      const fitting = fit(name, wanted);
      const at = fitting === null ? null : middle(geometry);
      if (!at || fitting === null) return [];
      const place: Place = {
        kind: layer.id,
        name,
        context: null,
        code,
        lon: at[0],
        lat: at[1],
        bbox: boxOf([geometry]),
      };
      return [{ place, rank: fitting * 10 + order }];
    }),
  );
  return found
    .sort((a, b) => a.rank - b.rank || a.place.name.localeCompare(b.place.name))
    .slice(0, MOST)
    .map(({ place }) => place);
}

let isServed = true;

/** Places that fit what is typed: the service knows streets and postcodes too; where it does not, areas are found here. */
export async function placesCalled(wanted: string, signal: AbortSignal): Promise<Place[]> {
  if (isServed) {
    try {
      const { results } = await ask<{ results: Place[] }>(
        query("/places", { q: wanted, limit: MOST }),
        signal,
      );
      return results;
    } catch (cause) {
      signal.throwIfAborted();
      if (cause instanceof Fault && cause.status === 404) isServed = false;
    }
  }
  return areasCalled(wanted);
}
