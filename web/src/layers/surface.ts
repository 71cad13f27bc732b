import { ask, prefetch } from "../api/ask";
import { asked, emergingPeriod, items, layerId, legend, query } from "../api/addresses";
import type { EmergingCollection, FeaturePage, Fields, LayerFeature, Legend, MethodCard } from "../api/types";
import { periodText, type Period } from "../state/months";
import type { Scene } from "../state/scene";
import { vintageOf } from "../state/service";
import type { Surface } from "../state/view";
import { emergingLegend } from "./emerging";

/** What fills a map: shapes with values, or values for shapes that stay the same from period to period. */
export interface SurfaceData {
  surface: Surface;
  /** Bands, and cells with a pattern; none where only values change. */
  features: LayerFeature[];
  /** Values by the id of a hex cell or the code of an area. */
  values: ReadonlyMap<string, Fields>;
  /** The shapes of the hex cells that the values are of: the same object for as long as they are the same. */
  cells: LayerFeature[] | null;
  /** The boundary layer whose areas the values are of. */
  layer: string | null;
  legend: Legend;
  method: MethodCard | null;
  notices: string[];
}

/** What a surface is made from. */
export interface Wanted {
  scene: Scene;
  surface: Surface;
  style: string | null;
  layer: string;
  /** The period whose classes are used; null for its own. */
  classesOf: Period | null;
  held: Period;
  /** The first priority with hex cells of this size: cells are the same for all of them. */
  grid: string;
}

/** What is told of a cell. */
const HEX_FIELDS = "hex_id,count,per_km2,z,p,p_adjusted,class";

interface Addresses {
  id: string;
  data: string;
  legend: string | null;
  /** Of the shapes that the data are values for, where they are asked for apart. */
  shapes: string | null;
}

/**
 * The limits between bands of density, to ask for them again in another period. Other layers are classed by a legend
 * alone; bands are cut by their limits.
 */
async function limitsOf(of: Wanted, load: (path: string) => Promise<unknown>): Promise<string | null> {
  if (of.surface !== "density" || !of.classesOf) return null;
  const path = items(layerId(of.scene, "density"), { period: periodText(of.classesOf) });
  const page = (await load(path)) as FeaturePage | undefined;
  const limits = (page?.features ?? []).map(({ properties }) => properties.lower_per_km2);
  return limits.length ? `limits:${limits.join(",")}` : null;
}

/** Null where nothing fills the map. */
export function addresses(
  { scene, surface, style, layer, classesOf, held, grid }: Wanted,
  limits: string | null = null,
): Addresses | null {
  const period = periodText(scene.period);
  const classes = classesOf ? periodText(classesOf) : period;
  switch (surface) {
    case "none":
      return null;
    case "hex": {
      const id = layerId(scene, "hex");
      return {
        id,
        data: items(id, { period, skipGeometry: "true", properties: HEX_FIELDS }),
        legend: legend(id, { period: style === "count" ? classes : period, style }),
        shapes: items(`${grid}-hex`, { properties: "hex_id" }),
      };
    }
    case "density": {
      const id = layerId(scene, "density");
      const parameters = { period, classes: limits };
      return { id, data: items(id, parameters), legend: legend(id, { ...parameters, style }), shapes: null };
    }
    case "areas": {
      const id = layerId(scene, { areas: layer });
      const { compare } = scene;
      const vintage = vintageOf(layer);
      return {
        id,
        data: items(id, { period, compare, vintage, skipGeometry: "true" }),
        legend: legend(id, { period: classes, compare, vintage, style }),
        shapes: null,
      };
    }
    case "emerging": {
      const months = periodText(emergingPeriod(scene, held));
      const parameters = { ...asked(scene), period: months, cells: "patterns", f: "geojson" };
      return {
        id: `${scene.priority.id}-emerging`,
        data: query("/analysis/emerging", parameters),
        legend: null,
        shapes: null,
      };
    }
  }
}

/** The styles that a surface has, the usual one first; what they show stands in the strings. */
export const STYLES: Record<Surface, readonly string[]> = {
  hex: ["significance", "count"],
  density: ["intensity", "intensity-viridis"],
  areas: ["rate", "count", "change"],
  emerging: [],
  none: [],
};

export function styleOf(surface: Surface, style: string | null): string | null {
  const styles = STYLES[surface];
  return styles.find((known) => known === style) ?? styles[0] ?? null;
}

/** Gives up, like every request, when the signal says so. */
export async function loadSurface(wanted: Wanted, signal: AbortSignal): Promise<SurfaceData | null> {
  const from = addresses(wanted, await limitsOf(wanted, (path) => ask(path, signal)));
  if (!from) return null;
  const { surface } = wanted;
  if (from.legend === null) {
    const answer = await ask<EmergingCollection>(from.data, signal);
    const { features, method, notices } = answer;
    return {
      surface,
      features,
      values: new Map(),
      cells: null,
      layer: null,
      legend: emergingLegend(answer),
      method,
      notices,
    };
  }
  const [page, drawn, shapes] = await Promise.all([
    ask<FeaturePage>(from.data, signal),
    ask<Legend>(from.legend, signal),
    from.shapes === null ? null : ask<FeaturePage>(from.shapes, signal),
  ]);
  const isOfShapes = surface !== "density";
  const values = page.features.map(
    ({ id, properties }) => [String(properties.code ?? id), properties] as const,
  );
  return {
    surface,
    features: isOfShapes ? [] : page.features,
    values: new Map(isOfShapes ? values : []),
    cells: shapes?.features ?? null,
    layer: surface === "areas" ? wanted.layer : null,
    legend: drawn,
    method: page.method ?? null,
    notices: page.notices,
  };
}

/** Asks beforehand for what a step may show next. */
export async function prefetchSurface(wanted: Wanted): Promise<void> {
  const from = addresses(wanted, await limitsOf(wanted, prefetch));
  if (!from) return;
  await Promise.all([prefetch(from.data), from.legend === null ? null : prefetch(from.legend)]);
}
