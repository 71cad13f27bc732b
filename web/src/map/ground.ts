import type * as GeoJSON from "geojson";
import type { LayerSpecification, SourceSpecification, StyleSpecification } from "maplibre-gl";
import type { AreaCollection, Settings } from "../api/types";
import type { Boundaries } from "../state/service";

/** The map below the data: boundaries on a plain ground, or tiles where a base map is configured. */

export interface Inks {
  ground: string;
  area: string;
  border: string;
  rim: string;
  chosen: string;
  dim: string;
  incident: string;
  incidentRim: string;
  hotspot: string;
  hotspotCase: string;
  name: string;
  nameHalo: string;
}

const DAY: Inks = {
  ground: "#e6eaee",
  area: "#fbfbf9",
  border: "#8895a1",
  rim: "#3f4d5a",
  chosen: "#0b3d62",
  dim: "rgba(230,234,238,0.72)",
  incident: "#123a5c",
  incidentRim: "#ffffff",
  hotspot: "#4a0d2b",
  hotspotCase: "rgba(255,255,255,0.85)",
  name: "#1b2733",
  nameHalo: "rgba(255,255,255,0.92)",
};

const NIGHT: Inks = {
  ground: "#10161b",
  area: "#202930",
  border: "#5b6975",
  rim: "#a3b1bd",
  chosen: "#9fd4f7",
  dim: "rgba(16,22,27,0.72)",
  incident: "#cfe9fb",
  incidentRim: "#10161b",
  hotspot: "#ffd9e6",
  hotspotCase: "rgba(16,22,27,0.85)",
  name: "#f0f4f7",
  nameHalo: "rgba(16,22,27,0.9)",
};

export function inks(isNight: boolean): Inks {
  return isNight ? NIGHT : DAY;
}

export const NOTHING = { type: "FeatureCollection" as const, features: [] };

function shapes(promoteId?: string, data: GeoJSON.FeatureCollection = NOTHING): SourceSpecification {
  // Neighbours share their borders: simplifying each by itself would tear gaps.
  return { type: "geojson", data, tolerance: 0, ...(promoteId ? { promoteId } : {}) };
}

export function boundarySource(layer: string): string {
  return `boundary-${layer}`;
}

/** A colour that changes with the data while the shape stays. */
function state(name: string): never {
  return ["to-color", ["coalesce", ["feature-state", name], "rgba(0,0,0,0)"]] as never;
}

function boundaryLayers(layer: string, ink: Inks): LayerSpecification[] {
  const source = boundarySource(layer);
  return [
    {
      id: `areas-${layer}`,
      type: "fill",
      source,
      layout: { visibility: "none" },
      paint: { "fill-color": state("fill"), "fill-opacity": 0.85, "fill-antialias": false },
    },
    // Drawn with nothing, it is what a click on an area meets.
    { id: `ground-${layer}`, type: "fill", source, paint: { "fill-opacity": 0 } },
    {
      id: `borders-${layer}`,
      type: "line",
      source,
      layout: { visibility: "none", "line-join": "round" },
      paint: {
        "line-color": ink.border,
        "line-width": ["interpolate", ["linear"], ["zoom"], 10, 0.6, 14, 1.4],
      },
    },
  ];
}

/** What is known before the map is made. */
export interface Ground {
  outline: AreaCollection | null;
  boundaries: ReadonlyMap<string, Boundaries>;
  settings: Settings | null;
}

/** As MapLibre has it; the service writes the same. */
function shapesOf(areas: AreaCollection | null): GeoJSON.FeatureCollection {
  return (areas as unknown as GeoJSON.FeatureCollection | null) ?? NOTHING;
}

/** The whole style: every layer that the map will ever have, from below to above. */
export function groundStyle({ outline, boundaries, settings }: Ground, isNight: boolean): StyleSpecification {
  const layers = [...boundaries.keys()];
  const ink = inks(isNight);
  const tiles = settings?.basemap;
  const sources: Record<string, SourceSpecification> = {
    outline: shapes(undefined, shapesOf(outline)),
    dim: shapes(),
    surface: shapes("id"),
    cells: shapes("hex_id"),
    hotspots: shapes("id"),
    chosen: shapes(),
    names: shapes(),
    pin: shapes(),
    ...Object.fromEntries(
      [...boundaries].map(([id, { areas, layer }]) => {
        const attribution = layer.licence.replaceAll("&", "&amp;").replaceAll("<", "&lt;");
        return [boundarySource(id), { ...shapes("code", shapesOf(areas)), attribution }];
      }),
    ),
  };
  const raster: LayerSpecification[] = [];
  if (tiles) {
    const { maxzoom = 19, attribution } = tiles;
    sources.basemap = { type: "raster", tiles: [tiles.tiles], tileSize: 256, maxzoom, attribution };
    const night = isNight
      ? { "raster-brightness-max": 0.45, "raster-saturation": -0.6 }
      : { "raster-saturation": -0.4 };
    raster.push({ id: "basemap", type: "raster", source: "basemap", paint: night });
  }
  const borders = layers.map((layer) => boundaryLayers(layer, ink));
  return {
    version: 8,
    sources,
    layers: [
      { id: "ground", type: "background", paint: { "background-color": ink.ground } },
      ...raster,
      {
        id: "borough",
        type: "fill",
        source: "outline",
        paint: { "fill-color": ink.area, "fill-opacity": tiles ? 0.35 : 1 },
      },
      {
        id: "surface",
        type: "fill",
        source: "surface",
        paint: { "fill-color": ["to-color", ["get", "fill"]], "fill-opacity": 0.85, "fill-antialias": false },
      },
      {
        id: "surface-line",
        type: "line",
        source: "surface",
        minzoom: 11,
        paint: { "line-color": ["to-color", ["get", "line"]], "line-width": 0.5 },
      },
      {
        id: "cells",
        type: "fill",
        source: "cells",
        layout: { visibility: "none" },
        paint: { "fill-color": state("fill"), "fill-opacity": 0.85, "fill-antialias": false },
      },
      {
        id: "cells-line",
        type: "line",
        source: "cells",
        minzoom: 10.5,
        layout: { visibility: "none" },
        paint: { "line-color": state("line"), "line-width": 0.5 },
      },
      ...borders.flat(),
      {
        id: "rim",
        type: "line",
        source: "outline",
        layout: { "line-join": "round" },
        paint: { "line-color": ink.rim, "line-width": 1.6 },
      },
      {
        id: "hotspots-case",
        type: "line",
        source: "hotspots",
        layout: { "line-join": "round" },
        paint: { "line-color": ink.hotspotCase, "line-width": 4.5 },
      },
      {
        id: "hotspots",
        type: "line",
        source: "hotspots",
        layout: { "line-join": "round" },
        paint: {
          "line-color": ink.hotspot,
          "line-width": ["case", ["<=", ["get", "rank"], 3], 2.4, 1.6],
        },
      },
      { id: "hotspots-ground", type: "fill", source: "hotspots", paint: { "fill-opacity": 0 } },
      { id: "dim", type: "fill", source: "dim", paint: { "fill-color": ink.dim, "fill-antialias": false } },
      {
        id: "chosen",
        type: "line",
        source: "chosen",
        layout: { "line-join": "round" },
        paint: { "line-color": ink.chosen, "line-width": ["case", ["get", "isChosen"], 3, 2] },
      },
      {
        id: "names",
        type: "symbol",
        source: "names",
        minzoom: 9.6,
        layout: {
          "icon-image": ["get", "image"],
          "icon-padding": 3,
          "symbol-sort-key": ["get", "order"],
        },
      },
      {
        id: "pin",
        type: "circle",
        source: "pin",
        paint: {
          "circle-radius": 7,
          "circle-color": ink.chosen,
          "circle-stroke-color": ink.incidentRim,
          "circle-stroke-width": 2.5,
        },
      },
    ],
  };
}
