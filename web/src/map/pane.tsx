import { effect } from "@preact/signals";
import { useEffect, useRef, useState } from "preact/hooks";
import { incidentTiles } from "../layers/incidents";
import type { MapData } from "../state/mapData";
import { boundaries, hasIncidents, outline, settings } from "../state/service";
import { shownLayer } from "../state/scene";
import { isNight } from "../state/theme";
import * as view from "../state/view";
import { strings } from "../strings";
import { periodName } from "../state/months";
import { maps } from "./going";
import { HotspotMap } from "./hotspotMap";
import { listen } from "./listening";

/** Comes in parallel with everything else. */
const library = import("./library");

interface Props {
  data: MapData;
  side: number;
  /** Set by the stage where the maps overlap. */
  clip?: string | undefined;
}

/** One map: made once, then told of every change. */
export function Pane({ data, side, clip }: Props) {
  const container = useRef<HTMLDivElement>(null);
  const [isBroken, breakDown] = useState(false);
  const isReady = boundaries.value.size > 0 && settings.value !== null && outline.value !== null;
  useEffect(() => {
    if (!isReady || !container.current) return undefined;
    const ends: (() => void)[] = [];
    let isGone = false;
    void library
      .then((loaded) => {
        if (isGone || !container.current) return;
        const map = new HotspotMap(
          loaded,
          container.current,
          { boundaries: boundaries.value, outline: outline.value, settings: settings.value },
          isNight.value,
          view.camera.value,
          strings.app.mapLabel,
        );
        map.map.addControl(new loaded.ScaleControl({ maxWidth: 110, unit: "metric" }), "bottom-right");
        const attribution = new loaded.AttributionControl({ compact: true });
        // Who made a base map is said at once; who drew the boundaries, on demand.
        if (settings.value?.basemap) map.map.addControl(attribution, "bottom-right");
        else {
          map.map.once("idle", () => {
            map.map.addControl(attribution, "bottom-right");
            shut(container.current);
          });
        }
        const others = maps.value.slice();
        others[side] = map;
        maps.value = others;
        ends.push(() => {
          maps.value = maps.value.filter((known) => known !== map);
          map.map.remove();
        });
        ends.push(...listen(map, side));
        map.whenReady(() => ends.push(...follow(map, data, side)));
      })
      .catch(() => breakDown(true));
    return () => {
      isGone = true;
      for (const end of ends) end();
    };
  }, [isReady]);
  return (
    <div class={`pane is-side-${side}`} style={clip ? { clipPath: clip } : {}}>
      <div class="map" ref={container} />
      {!isReady && <p class="map-loading">{strings.app.loading}</p>}
      {isBroken && <p class="map-loading">{strings.map.noWebgl}</p>}
      <div class={`waiting ${data.isWaiting.value ? "is-on" : ""}`} role="status">
        <span class="unseen">{data.isWaiting.value ? strings.states.waiting : ""}</span>
      </div>
    </div>
  );
}

function shut(container: HTMLElement | null): void {
  const attribution = container?.querySelector(".maplibregl-ctrl-attrib");
  attribution?.classList.remove("maplibregl-compact-show");
  attribution?.removeAttribute("open");
}

/** Tells a map what the view and its data are, now and whenever they change. */
function follow(map: HotspotMap, data: MapData, side: number): (() => void)[] {
  return [
    effect(() => map.setNight(isNight.value)),
    effect(() => {
      const { priority, period } = data.scene.value ?? {};
      if (priority && period) map.name(strings.app.mapOf(side, priority.title, periodName(period)));
    }),
    effect(() => {
      map.setSurface(data.surface.value);
      // One mark, for measuring how long a step takes.
      performance.clearMarks("hotspots:surface");
      performance.mark("hotspots:surface");
    }),
    effect(() => {
      if (side === 0) map.lookAt(view.camera.value);
    }),
    effect(() => map.setOpacity(view.opacity.value / 100)),
    effect(() => map.setHotspots(view.overlays.value.has("hotspots") ? data.hotspots.value : null)),
    effect(() => map.setLayer(shownLayer.value, view.overlays.value.has("names"), view.area.value)),
    effect(() => map.setChosen(view.area.value, view.pointed.value)),
    effect(() => {
      const shown = data.scene.value;
      const isWanted = shown && hasIncidents.value && view.overlays.value.has("incidents");
      map.setIncidents(isWanted ? incidentTiles(shown) : null);
    }),
  ];
}
