import { effect, signal, type ReadonlySignal, type Signal } from "@preact/signals";
import { asked, query } from "../api/addresses";
import { ask, Fault, prefetch } from "../api/ask";
import type { HotspotCollection, Priority } from "../api/types";
import { loadSurface, prefetchSurface, styleOf, type SurfaceData, type Wanted } from "../layers/surface";
import { contains, moved, type Period } from "./months";
import { otherScene, scene, shownLayer, type Scene } from "./scene";
import { edition, held, priorities } from "./service";
import * as view from "./view";

/** What one map shows, kept up with the view. Old data stays until new data is there. */
export class MapData {
  readonly surface: Signal<SurfaceData | null> = signal(null);
  readonly hotspots: Signal<HotspotCollection | null> = signal(null);
  readonly isWaiting: Signal<boolean> = signal(false);
  readonly fault: Signal<Error | null> = signal(null);

  constructor(
    readonly scene: ReadonlySignal<Scene | null>,
    private readonly isShown: () => boolean,
    /** The period whose classes are used; null for its own. */
    private readonly classesOf: () => Period | null,
  ) {}

  private wanted(of: Scene, within: Period): Wanted {
    const { surface, style } = view;
    return {
      scene: of,
      surface: surface.value,
      style: styleOf(surface.value, style.value),
      layer: shownLayer.value,
      classesOf: this.classesOf(),
      held: within,
      grid: priorities.value.find(isAsFine(of))?.id ?? of.priority.id,
    };
  }

  /** Starts to follow the view. */
  follow(): void {
    this.keep(
      (of, within, signal) => loadSurface(this.wanted(of, within), signal),
      (data) => (this.surface.value = data),
      (isWaiting, fault) => {
        this.isWaiting.value = isWaiting;
        this.fault.value = fault;
      },
    );
    this.keep(
      (of, _, signal) => {
        const isWanted = view.overlays.value.has("hotspots");
        return isWanted ? ask<HotspotCollection>(hotspotsAddress(of), signal) : Promise.resolve(null);
      },
      (data) => (this.hotspots.value = data),
      // The ranking in the panel tells of hotspots that cannot be made.
      () => undefined,
    );
  }

  private keep<T>(
    load: (of: Scene, within: Period, signal: AbortSignal) => Promise<T>,
    show: (data: T | null) => void,
    tell: (isWaiting: boolean, fault: Error | null) => void,
  ): void {
    effect(() => {
      const of = this.scene.value;
      const within = held.value;
      // Read, so that a reload asks again.
      const isLoaded = edition.value >= 0;
      if (!isLoaded || !of || !within || !this.isShown()) return undefined;
      const abort = new AbortController();
      const loaded = load(of, within, abort.signal);
      tell(true, null);
      loaded.then(
        (data) => {
          if (abort.signal.aborted) return;
          show(data);
          tell(false, null);
          this.lookAhead(of, within);
        },
        (cause: unknown) => {
          if (abort.signal.aborted) return;
          // What was shown stays while the service is away; a refusal is an answer, and empties the map.
          const isAway = cause instanceof Fault && (cause.status === 0 || cause.status === 503);
          if (!isAway) show(null);
          tell(false, cause instanceof Error ? cause : new Error(String(cause)));
        },
      );
      return () => abort.abort();
    });
  }

  /** Asks for the steps around the one shown, the nearest first, so that the next is there when it is wanted. */
  private lookAhead(of: Scene, within: Period): void {
    const steps = view.isPlaying.peek() ? [1, 2, 3] : [1, -1, 2, -2];
    const ahead = steps
      .map((step) => moved(of.period, step))
      .filter((period) => contains(within, period))
      .map((period) => ({ ...of, period }));
    idle(async () => {
      for (const next of ahead) {
        await prefetchSurface(this.wanted(next, within));
        if (view.overlays.peek().has("hotspots")) await prefetch(hotspotsAddress(next));
      }
    });
  }
}

function isAsFine({ priority }: Scene) {
  return ({ method }: Priority) => method.hex_resolution === priority.method.hex_resolution;
}

function idle(run: () => Promise<void>): void {
  if ("requestIdleCallback" in globalThis) requestIdleCallback(() => void run(), { timeout: 500 });
  else setTimeout(() => void run(), 100);
}

export function hotspotsAddress(of: Scene): string {
  return query("/analysis/hotspots", { ...asked(of), f: "geojson" });
}

export const first = new MapData(
  scene,
  () => true,
  () => view.classesOf.value,
);

/** Two periods of a priority can be compared only where the same colour means the same number. */
export const second = new MapData(
  otherScene,
  () => view.split.value !== "one",
  () => {
    const [left, right] = [scene.value, otherScene.value];
    if (view.classesOf.value) return view.classesOf.value;
    return left && right && left.priority.id === right.priority.id ? left.period : null;
  },
);
