import { contains, fitted, lengthOf, moved, type Period } from "./months";
import { held } from "./service";
import { scene } from "./scene";
import * as view from "./view";

/** What readers do to the view, where it takes more than setting one value. */

export function setPeriod(period: Period): void {
  const within = held.value;
  if (within) view.period.value = fitted(period, within);
}

/** Moves the period by months; returns whether there was room. */
export function stepPeriod(months: number): boolean {
  const [now, within] = [scene.value?.period, held.value];
  if (!now || !within) return false;
  const next = moved(now, months);
  if (!contains(within, next)) return false;
  view.period.value = next;
  return true;
}

/** Keeps its end. */
export function setLength(months: number): void {
  const now = scene.value?.period;
  if (now && lengthOf(now) !== months) setPeriod({ from: now.to - months + 1, to: now.to });
}

/** Filters by an area, or by all of the borough again. */
export function chooseArea(area: view.Area | null): void {
  const now = view.area.value;
  const isSame = now?.code === area?.code && now?.layer === area?.layer;
  view.area.value = isSame ? null : area;
}
