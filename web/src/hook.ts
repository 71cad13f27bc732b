import type { Map } from "maplibre-gl";
import { maps } from "./map/going";

/**
 * `window.hotspots`, for tests and for those who look under the bonnet: the maps as MapLibre knows them.
 * `hotspots.map.queryRenderedFeatures({ layers: ["surface"] })` tells what is drawn.
 */
export interface Hook {
  readonly map: Map | undefined;
  readonly maps: readonly Map[];
}

declare global {
  interface Window {
    hotspots: Hook;
  }
}

export function offerHook(): void {
  window.hotspots = {
    get map() {
      return maps.value[0]?.map;
    },
    get maps() {
      return maps.value.map(({ map }) => map);
    },
  };
}
