import { computed, signal, type Signal } from "@preact/signals";
import { ask, askAnew, Fault, forgetAnswers } from "../api/ask";
import type {
  AreaCollection,
  BoundaryLayer,
  Landing,
  Priority,
  Ready,
  ServedArea,
  Settings,
} from "../api/types";
import { month, type Period } from "./months";

/** What the service holds. It is asked once, and again when the data has changed. */

export interface Boundaries {
  layer: BoundaryLayer;
  areas: AreaCollection;
}

export const landing: Signal<Landing | null> = signal(null);
/** The areas that the service holds, this one among them. */
export const servedAreas: Signal<ServedArea[]> = signal([]);
export const priorities: Signal<Priority[]> = signal([]);
export const boundaries: Signal<ReadonlyMap<string, Boundaries>> = signal(new Map());
export const outline: Signal<AreaCollection | null> = signal(null);
export const settings: Signal<Settings | null> = signal(null);
/** Whether single incidents are open to whoever asks. */
export const hasIncidents: Signal<boolean> = signal(false);
export const fault: Signal<Error | null> = signal(null);

/** How current the page is. */
export const currency: Signal<"current" | "newer-data" | "store-away" | "service-away"> = signal("current");

/** The boundary layer that figures are of where none is chosen: wards, where there are any. */
export const mainLayer = computed(() => {
  const [first = "ward"] = boundaries.value.keys();
  return boundaries.value.has("ward") ? "ward" : first;
});

/** The months that hold incidents. */
export const held = computed<Period | null>(() => {
  const { first_month, last_month } = landing.value ?? {};
  return first_month && last_month ? { from: month(first_month), to: month(last_month) } : null;
});

/**
 * The vintage of a layer that the page shows, where there are several: the newest in every period, so that figures are of
 * the areas on the map and can be followed through time.
 */
export function vintageOf(layer: string): string | null {
  const shown = boundaries.value.get(layer)?.layer;
  return shown?.vintages.length ? `${layer}/${shown.vintage}` : null;
}

async function optional<T>(path: string): Promise<T | null> {
  return ask<T>(path).catch((cause: unknown) => {
    if (cause instanceof Fault && cause.status === 404) return null;
    throw cause;
  });
}

async function loadBoundaries(): Promise<void> {
  const layers = await ask<BoundaryLayer[]>("/layers");
  const shapes = await Promise.all(layers.map(({ id }) => ask<AreaCollection>(`/layers/${id}`)));
  boundaries.value = new Map(
    layers.flatMap((layer, place) => {
      const areas = shapes[place];
      return areas ? [[layer.id, { layer, areas }] as const] : [];
    }),
  );
}

/** Asks for everything that the page needs before it can show a layer. */
export async function loadService(): Promise<void> {
  try {
    await Promise.all([
      ask<Landing>("/?f=json").then((answer) => (landing.value = answer)),
      ask<ServedArea[]>("/areas").then((answer) => (servedAreas.value = answer)),
      ask<Priority[]>("/priorities").then((answer) => (priorities.value = answer)),
      ask<AreaCollection>("/collections/borough/items").then((answer) => (outline.value = answer)),
      loadBoundaries(),
      optional<Settings>("/dashboard/settings.json").then(
        (answer) => (settings.value = answer ?? { basemap: null }),
      ),
      optional<unknown>("/collections/incidents").then((answer) => (hasIncidents.value = answer !== null)),
    ]);
    fault.value = null;
  } catch (cause) {
    fault.value = cause instanceof Error ? cause : new Error(String(cause));
  }
}

/** Counts up with every reload, so that whoever shows an answer asks again. */
export const edition: Signal<number> = signal(0);

/** Shows what the service holds now. */
export async function reload(): Promise<void> {
  forgetAnswers();
  await loadService();
  currency.value = "current";
  edition.value += 1;
}

const EVERY_MS = 30_000;

/** Looks now and then whether the data shown is still that of the service. */
export function watchCurrency(): void {
  const look = async () => {
    if (document.hidden || !landing.value) return;
    try {
      const { status, serving_generation } = await askAnew<Ready>("/ready");
      if (serving_generation !== landing.value.generation) currency.value = "newer-data";
      else currency.value = status === "ready" ? "current" : "store-away";
    } catch (cause) {
      currency.value = cause instanceof Fault && cause.status === 503 ? "store-away" : "service-away";
    }
  };
  setInterval(() => void look(), EVERY_MS);
  addEventListener("online", () => void look());
  document.addEventListener("visibilitychange", () => void look());
}
