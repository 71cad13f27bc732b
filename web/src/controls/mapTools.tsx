import { useEffect, useState } from "preact/hooks";
import { holds } from "../map/geometry";
import { maps } from "../map/going";
import { outline } from "../state/service";
import { strings } from "../strings";
import { Icon, type IconName } from "./icons";

/** How near to go to where the reader is. */
const NEAR = 0.01;

/** Buttons that move the map. */
export function MapTools() {
  const [said, say] = useState("");
  const [isFull, full] = useState(false);
  useEffect(() => {
    const look = () => full(document.fullscreenElement !== null);
    document.addEventListener("fullscreenchange", look);
    return () => document.removeEventListener("fullscreenchange", look);
  }, []);
  const { map: text } = strings;
  const main = () => maps.value[0];
  const locate = () => {
    const show = ({ coords: { longitude: lon, latitude: lat } }: GeolocationPosition) => {
      const isHere = outline.value?.features.some(({ geometry }) => holds(geometry, [lon, lat]));
      if (!isHere) return say(text.locateOutside);
      say("");
      for (const map of maps.value) map.setPin([lon, lat]);
      main()?.frame([lon - NEAR, lat - NEAR / 2, lon + NEAR, lat + NEAR / 2]);
    };
    navigator.geolocation.getCurrentPosition(show, () => say(text.locateFailed), { timeout: 10_000 });
  };
  const turnFull = () =>
    void (isFull ? document.exitFullscreen() : document.documentElement.requestFullscreen()).catch(
      () => undefined,
    );
  const tool = (icon: IconName, label: string, run: () => void) => (
    <button type="button" title={label} aria-label={label} onClick={run}>
      <Icon name={icon} />
    </button>
  );
  return (
    <div class="map-tools">
      <div>
        {tool("plus", text.zoomIn, () => main()?.map.zoomIn())}
        {tool("minus", text.zoomOut, () => main()?.map.zoomOut())}
        {tool("home", text.whole, () => main()?.frameAll())}
      </div>
      <div>
        {"geolocation" in navigator && tool("locate", text.locate, locate)}
        {document.fullscreenEnabled &&
          tool("full", isFull ? text.leaveFullScreen : text.fullScreen, turnFull)}
      </div>
      <p role="status" class={said ? "said" : "unseen"}>
        {said}
      </p>
    </div>
  );
}
