import { query } from "../api/addresses";
import { absolute } from "../api/root";
import { monthText } from "../state/months";
import type { Scene } from "../state/scene";

/** The first and the last day of months. */
function days(scene: Scene): string {
  const { from, to } = scene.period;
  const last = new Date(Date.UTC(Math.floor((to + 1) / 12), (to + 1) % 12, 0)).getUTCDate();
  return `${monthText(from)}-01/${monthText(to)}-${last}`;
}

/** Vector tiles of the incidents that a scene counts. */
export function incidentTiles(scene: Scene): string {
  const { categories, filter } = scene.priority;
  const parameters = {
    datetime: days(scene),
    category: categories.length ? categories.join(",") : null,
    filter,
  };
  const from = absolute("");
  return `${from}${query("/tiles/incidents/{z}/{x}/{y}.mvt", parameters)}`;
}
