import type * as GeoJSON from "geojson";
import type {
  GeoJSONSource,
  Map as MapLibre,
  MapGeoJSONFeature,
  PaddingOptions,
  PointLike,
} from "maplibre-gl";
import type { AreaShape, HotspotCollection, LayerFeature } from "../api/types";
import { classOf } from "../layers/classes";
import { paintsOf } from "../layers/colours";
import type { SurfaceData } from "../layers/surface";
import type { Area, Camera } from "../state/view";
import { allBut, boxOf, middle, type Box } from "./geometry";
import { boundarySource, groundStyle, inks, NOTHING, type Ground } from "./ground";
import { drawNames, imageOf, redrawNames } from "./names";
import type * as Library from "./library";

/** What lies below a position, the most telling first. */
export interface Met {
  hotspot: string | null;
  cell: string | null;
  area: Area | null;
}

type Shaped = { type: "Feature"; id?: string; geometry: AreaShape | null; properties: object };

/** A collection for MapLibre; it takes shapes as the service writes them. */
function collection(features: Shaped[]): GeoJSON.FeatureCollection {
  return { type: "FeatureCollection", features: features as unknown as GeoJSON.Feature[] };
}

const NO_PAINT = { fill: "rgba(0,0,0,0)", line: "rgba(0,0,0,0)" };

/** What is left free around what a map shows: for the card of layers on the left and the buttons on the right. */
function room({ clientWidth: width }: HTMLElement): PaddingOptions {
  const isWide = width > 820;
  return { left: isWide ? 300 : 18, right: isWide ? 64 : 18, top: width > 420 ? 24 : 64, bottom: 48 };
}

/** A duration in milliseconds, or none for those who do not want things to move. */
function stillOr(duration: number): number {
  return matchMedia("(prefers-reduced-motion: reduce)").matches ? 0 : duration;
}

/**
 * One map. It has each source and layer once, from the start, and only ever gets other data: a step of the period
 * costs one `setData`, or a state for each area.
 */
export class HotspotMap {
  readonly map: MapLibre;
  private surface: SurfaceData | null = null;
  private opacity = 0.85;
  private incidents: string | null = null;
  private layer = "";
  private cells: LayerFeature[] | null = null;
  private hasFeatures = false;
  private hasLeft = false;

  constructor(
    library: typeof Library,
    container: HTMLElement,
    private readonly ground: Ground,
    private isNight: boolean,
    camera: Camera | null,
    label: string,
  ) {
    const box = this.box();
    const view = camera
      ? { center: [camera.lon, camera.lat] as [number, number], zoom: camera.zoom }
      : { bounds: box ?? ([-8, 50, 2, 60] as Box), fitBoundsOptions: { padding: room(container) } };
    this.map = new library.Map({
      container,
      style: this.style(),
      ...view,
      attributionControl: false,
      fadeDuration: 0,
      dragRotate: false,
      pitchWithRotate: false,
      touchPitch: false,
      maxZoom: 18,
      minZoom: 8,
      locale: { "Map.Title": label },
    });
    this.map.touchZoomRotate.disableRotation();
    this.map.keyboard.disableRotation();
    drawNames(this.map, () => inks(this.isNight));
  }

  /** For those who cannot see what it is of. */
  name(name: string): void {
    const canvas = this.map.getCanvas();
    canvas.setAttribute("aria-label", name);
    canvas.setAttribute("aria-describedby", "map-keys");
  }

  /** Runs once the style is there, at once where it is. */
  whenReady(run: () => void): void {
    if (this.map.getSource("surface")) run();
    else this.map.once("style.load", run);
  }

  box(): Box | null {
    return boxOf((this.ground.outline?.features ?? []).map(({ geometry }) => geometry));
  }

  private style() {
    return groundStyle(this.ground, this.isNight);
  }

  private source(id: string): GeoJSONSource | undefined {
    return this.map.getSource<GeoJSONSource>(id);
  }

  setNight(isNight: boolean): void {
    if (isNight === this.isNight) return;
    this.isNight = isNight;
    // Sources and what they hold stay as they are: only inks differ.
    for (const { id, paint } of this.style().layers) {
      for (const [name, value] of Object.entries(paint ?? {}))
        this.map.setPaintProperty(id, name as never, value as never);
    }
    redrawNames(this.map, inks(isNight));
    this.setOpacity(this.opacity);
    this.setSurface(this.surface);
    const { incidents } = this;
    this.setIncidents(null);
    this.setIncidents(incidents);
  }

  /** Fills the map; null empties it. */
  setSurface(data: SurfaceData | null): void {
    this.surface = data;
    const paints = data ? paintsOf(data.legend, this.isNight) : [];
    const features = (data?.features ?? []).flatMap((feature) => {
      const number = data ? classOf(data.legend, feature.properties) : -1;
      const paint = paints[number];
      return paint
        ? [
            {
              ...feature,
              properties: { ...feature.properties, id: feature.id, class_number: number, ...paint },
            },
          ]
        : [];
    });
    // Setting nothing on nothing would have tiles cut anew at every step.
    if (features.length || this.hasFeatures) this.source("surface")?.setData(collection(features));
    this.hasFeatures = features.length > 0;
    if (data?.cells && data.cells !== this.cells) {
      this.cells = data.cells;
      this.source("cells")?.setData(collection(data.cells));
    }
    const filled = data?.cells ? "cells" : data?.layer ? boundarySource(data.layer) : null;
    this.show("cells", filled === "cells");
    this.show("cells-line", filled === "cells");
    for (const id of this.ground.boundaries.keys()) this.show(`areas-${id}`, filled === boundarySource(id));
    if (!filled || !data) return;
    for (const [id, fields] of data.values) {
      const number = classOf(data.legend, fields);
      const { fill, line } = paints[number] ?? NO_PAINT;
      this.map.setFeatureState({ source: filled, id }, { ...fields, class_number: number, fill, line });
    }
  }

  private show(layer: string, isShown: boolean): void {
    const wanted = isShown ? "visible" : "none";
    if (this.map.getLayoutProperty(layer, "visibility") !== wanted) {
      this.map.setLayoutProperty(layer, "visibility", wanted);
    }
  }

  /** Of what fills the map, 0 to 1. */
  setOpacity(opacity: number): void {
    this.opacity = opacity;
    for (const id of ["surface", "cells"]) {
      this.map.setPaintProperty(id, "fill-opacity", opacity);
      this.map.setPaintProperty(`${id}-line`, "line-opacity", opacity);
    }
    for (const id of this.ground.boundaries.keys())
      this.map.setPaintProperty(`areas-${id}`, "fill-opacity", opacity);
  }

  setHotspots(hotspots: HotspotCollection | null): void {
    const features = (hotspots?.features ?? []).map(({ id, geometry, properties }) => ({
      type: "Feature" as const,
      id,
      geometry,
      properties: { id, rank: properties.rank, count: properties.count },
    }));
    this.source("hotspots")?.setData(collection(features));
  }

  /** Incidents come as vector tiles only, which stay small however many there are; null shows none. */
  setIncidents(tiles: string | null): void {
    if (tiles === this.incidents) return;
    this.incidents = tiles;
    if (this.map.getLayer("incidents")) this.map.removeLayer("incidents");
    if (this.map.getSource("incidents")) this.map.removeSource("incidents");
    if (!tiles) return;
    const ink = inks(this.isNight);
    const many = ["coalesce", ["get", "count"], 1];
    this.map.addSource("incidents", { type: "vector", tiles: [tiles], minzoom: 8, maxzoom: 15 });
    this.map.addLayer(
      {
        id: "incidents",
        type: "circle",
        source: "incidents",
        "source-layer": "incidents",
        paint: {
          "circle-color": ink.incident,
          "circle-opacity": 0.75,
          "circle-stroke-color": ink.incidentRim,
          "circle-stroke-width": 0.8,
          "circle-radius": ["min", 12, ["+", 2.2, ["*", 1.1, ["ln", many as never]]]],
        },
      },
      "dim",
    );
  }

  /** The boundary layer whose borders and names are shown. */
  setLayer(layer: string, hasNames: boolean, chosen: Area | null): void {
    this.layer = layer;
    // The first layer is the coarsest: its borders help to find one's way among those of any other.
    const [first] = this.ground.boundaries.keys();
    for (const id of this.ground.boundaries.keys()) this.show(`borders-${id}`, id === layer || id === first);
    const areas = this.ground.boundaries.get(layer)?.areas.features ?? [];
    const places = areas.flatMap(({ geometry, properties }) => {
      const at = middle(geometry);
      const order = properties.code === chosen?.code ? -1e9 : -properties.area_km2;
      return at ? [{ geometry: { type: "Point", coordinates: at }, name: properties.name, order }] : [];
    });
    const names = places.map(({ geometry, name, order }) => ({
      type: "Feature" as const,
      geometry: geometry as unknown as AreaShape,
      properties: { name, image: imageOf(name), order },
    }));
    this.source("names")?.setData(hasNames ? collection(names) : NOTHING);
  }

  private shapeOf(area: Area | null): AreaShape | null {
    const areas = area && this.ground.boundaries.get(area.layer)?.areas.features;
    return areas?.find(({ properties }) => properties.code === area?.code)?.geometry ?? null;
  }

  /** Dims everything but the chosen area, and draws round what the pointer is on. */
  setChosen(chosen: Area | null, pointed: Area | null): void {
    const shape = this.shapeOf(chosen);
    this.source("dim")?.setData(
      shape ? collection([{ type: "Feature", geometry: allBut(shape), properties: {} }]) : NOTHING,
    );
    const lines = [
      { geometry: this.shapeOf(pointed), isChosen: false },
      { geometry: shape, isChosen: true },
    ].filter(({ geometry }) => geometry);
    this.source("chosen")?.setData(
      collection(
        lines.map(({ geometry, isChosen }) => ({ type: "Feature", geometry, properties: { isChosen } })),
      ),
    );
  }

  setPin(at: [number, number] | null): void {
    const pin = at && [
      { type: "Feature" as const, geometry: { type: "Point", coordinates: at } as never, properties: {} },
    ];
    this.source("pin")?.setData(pin ? collection(pin) : NOTHING);
  }

  frame(box: Box, most = 15): void {
    this.fit(box, most, stillOr(500));
  }

  private fit(box: Box, maxZoom: number, duration: number, told = {}): void {
    this.map.fitBounds(box, { padding: room(this.map.getContainer()), maxZoom, duration }, told);
  }

  frameArea(area: Area): void {
    const shape = this.shapeOf(area);
    const box = shape && boxOf([shape]);
    if (box) this.frame(box);
  }

  /** Shows the whole borough, which is as usual: listeners hear it from `isWhole`. */
  frameAll(duration = stillOr(500)): void {
    const box = this.box();
    if (box) this.fit(box, 15, duration, { isWhole: true });
  }

  /** Goes where the address says, if the map is not there; null is the whole borough. */
  lookAt(camera: Camera | null): void {
    if (camera) {
      const { lng, lat } = this.map.getCenter();
      const isThere =
        Math.abs(lng - camera.lon) < 1e-4 &&
        Math.abs(lat - camera.lat) < 1e-4 &&
        Math.abs(this.map.getZoom() - camera.zoom) < 0.01;
      if (!isThere) this.map.jumpTo({ center: [camera.lon, camera.lat], zoom: camera.zoom });
    } else if (this.hasLeft) this.frameAll(0);
    this.hasLeft = camera !== null;
  }

  /** What is drawn at a point of the map. */
  meet(point: PointLike): Met {
    const layers = [
      "hotspots-ground",
      "surface",
      "cells",
      ...[...this.ground.boundaries.keys()].map((id) => `ground-${id}`),
    ];
    const met = this.map.queryRenderedFeatures(point, { layers });
    const cell = met.find(({ source }) => source === "surface" || source === "cells");
    const first = (source: string) => met.find((feature: MapGeoJSONFeature) => feature.source === source);
    const area = first(boundarySource(this.layer));
    return {
      hotspot: (first("hotspots")?.properties.id as string | undefined) ?? null,
      cell: cell ? String(cell.id) : null,
      area: area ? { layer: this.layer, code: String(area.properties.code) } : null,
    };
  }

  cell(id: string): LayerFeature | null {
    const values = this.surface?.cells && this.surface.values.get(id);
    if (values) return { type: "Feature", id, geometry: null, properties: values };
    return this.surface?.features.find((feature) => feature.id === id) ?? null;
  }
}
