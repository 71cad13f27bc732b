import { setWorkerUrl } from "maplibre-gl";
import worker from "maplibre-gl/dist/maplibre-gl-worker.mjs?url";
import "maplibre-gl/dist/maplibre-gl.css";

/** MapLibre, a chunk of its own. Its worker is a file beside it, because the page allows no code from elsewhere. */
setWorkerUrl(new URL(worker, location.href).href);

export { AttributionControl, Map, Popup, ScaleControl } from "maplibre-gl";
