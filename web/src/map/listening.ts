import type { MapMouseEvent } from "maplibre-gl";
import { chooseArea } from "../state/change";
import * as view from "../state/view";
import { hovered, maps, told, type Told } from "./going";
import type { HotspotMap, Met } from "./hotspotMap";

/** What the reader does on a map. */
export function listen(map: HotspotMap, side: number): (() => void)[] {
  const { map: under } = map;
  const canvas = under.getCanvas();
  const tell = (at: Told["at"], met: Met): Told => ({ side, at, ...met });

  let isDue = false;
  const move = (event: MapMouseEvent) => {
    if (isDue) return;
    // The pointer moves more often than the map is drawn.
    isDue = true;
    requestAnimationFrame(() => {
      isDue = false;
      const met = map.meet(event.point);
      const isTelling = met.hotspot !== null || met.cell !== null || met.area !== null;
      canvas.style.cursor = isTelling ? "pointer" : "";
      hovered.value = isTelling ? tell(event.lngLat.toArray(), met) : null;
      const area = view.surface.value === "areas" ? met.area : null;
      if (area?.code !== view.pointed.value?.code) view.pointed.value = area;
    });
  };
  const leave = () => {
    hovered.value = null;
    view.pointed.value = null;
  };
  const click = (event: MapMouseEvent) => {
    const met = map.meet(event.point);
    const isTelling = met.hotspot !== null || met.cell !== null || met.area !== null;
    told.value = isTelling ? tell(event.lngLat.toArray(), met) : null;
    hovered.value = null;
    // Where areas fill the map, an area is what was meant.
    if (met.area && view.surface.value === "areas") chooseArea(met.area);
  };
  const enter = (event: KeyboardEvent) => {
    if (event.key === "Escape") told.value = null;
    if (event.key !== "Enter") return;
    const centre = under.getCenter();
    told.value = tell(centre.toArray(), map.meet(under.project(centre)));
  };
  under.on("mousemove", move);
  under.on("mouseout", leave);
  under.on("click", click);
  canvas.addEventListener("keydown", enter);

  if (side === 0) {
    // The reader's own moves stand in the address; what shows the whole borough is as usual.
    let isResized = false;
    under.on("moveend", (event) => {
      const { lng, lat } = under.getCenter();
      if ("isWhole" in event) view.camera.value = null;
      else if (!isResized) view.camera.value = { zoom: under.getZoom(), lat, lon: lng };
      isResized = false;
    });
    under.on("resize", () => {
      if (view.camera.value !== null) return;
      map.frameAll(0);
      // A change of size ends in a move of its own.
      isResized = true;
    });
  }
  under.on("move", () => together(map));
  const [leader] = maps.value;
  if (side > 0 && leader) under.jumpTo({ center: leader.map.getCenter(), zoom: leader.map.getZoom() });
  return [() => canvas.removeEventListener("keydown", enter)];
}

let isFollowing = false;

/** The other map follows the one that moves. */
function together(leader: HotspotMap): void {
  if (isFollowing) return;
  isFollowing = true;
  const { center, zoom } = { center: leader.map.getCenter(), zoom: leader.map.getZoom() };
  for (const map of maps.value) if (map !== leader) map.map.jumpTo({ center, zoom });
  isFollowing = false;
}
