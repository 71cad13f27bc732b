import { lengthOf, periodText, type Period } from "../state/months";
import type { Scene } from "../state/scene";

/** Addresses of the service, in one way of writing each, so that equal questions have equal addresses. */

type Parameters = Record<string, string | number | null | undefined>;

export function query(path: string, parameters: Parameters): string {
  const given = Object.entries(parameters).filter(([, value]) => value !== null && value !== undefined);
  const written = given.map(
    ([name, value]) => `${name}=${encodeURIComponent(String(value)).replace(/%2F/g, "/")}`,
  );
  return written.length ? `${path}?${written.join("&")}` : path;
}

/** The id of a layer of a priority. */
export function layerId(scene: Scene, kind: "hex" | "density" | "hotspots" | { areas: string }): string {
  return `${scene.priority.id}-${typeof kind === "string" ? kind : `${kind.areas}s`}`;
}

/** All features of a layer, as a page that holds everything that there can be. */
export function items(id: string, parameters: Parameters): string {
  return query(`/collections/${id}/items`, { f: "geojson", limit: 10_000, ...parameters });
}

export function legend(id: string, parameters: Parameters): string {
  return query(`/collections/${id}/legend`, { f: "json", ...parameters });
}

export function download(id: string, ending: string, parameters: Parameters): string {
  return query(`/downloads/${id}.${ending}`, parameters);
}

/** Criteria that every analysis takes. */
export function asked(scene: Scene, within?: { layer: string; code: string } | null): Parameters {
  return {
    priority: scene.priority.id,
    period: periodText(scene.period),
    within: within ? `${within.layer}/${within.code}` : null,
  };
}

/** The months over which a pattern can emerge: two years up to the end of the period, as far as there are. */
export function emergingPeriod(scene: Scene, within: Period): Period {
  const months = Math.max(24, lengthOf(scene.period));
  return { from: Math.max(within.from, scene.period.to - months + 1), to: scene.period.to };
}
