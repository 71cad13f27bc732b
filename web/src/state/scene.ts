import { computed } from "@preact/signals";
import type { Priority } from "../api/types";
import { comparison, contains, fitted, type Period } from "./months";
import { boundaries, held, mainLayer, priorities } from "./service";
import * as view from "./view";

/** What one map and its panels are about: the choices of the view, with the rules of the priority where there are none. */
export interface Scene {
  priority: Priority;
  period: Period;
  /** As it is asked for. */
  compare: string;
  /** As months; null where there is none or where the service does not hold it whole. */
  comparison: Period | null;
}

/** The boundary layer that areas are told by. */
export const shownLayer = computed(() =>
  boundaries.value.has(view.layer.value) ? view.layer.value : mainLayer.value,
);

function priorityOf(id: string | null): Priority | null {
  return priorities.value.find((known) => known.id === id) ?? priorities.value[0] ?? null;
}

/** The period that the priority's rule gives. */
function usualPeriod(priority: Priority, within: Period): Period {
  return fitted({ from: within.to - priority.period.last_months + 1, to: within.to }, within);
}

function sceneOf(priority: Priority, period: Period, compare: string, within: Period): Scene {
  const against = comparison(period, compare);
  return { priority, period, compare, comparison: against && contains(within, against) ? against : null };
}

/** The map, or the left one of two. Null until the service has answered, or while it holds nothing. */
export const scene = computed<Scene | null>(() => {
  const priority = priorityOf(view.priority.value);
  const within = held.value;
  if (!priority || !within) return null;
  const period = view.period.value ? fitted(view.period.value, within) : usualPeriod(priority, within);
  return sceneOf(priority, period, view.compare.value ?? priority.period.compare, within);
});

/** The period of the second map, from what is chosen for it. */
export function otherPeriodOf(period: Period, chosen: string): Period {
  return chosen === "same" ? period : (comparison(period, chosen) ?? period);
}

/** The second map. It compares periods, unless it shows another priority. */
export const otherScene = computed<Scene | null>(() => {
  const first = scene.value;
  const within = held.value;
  if (!first || !within) return null;
  const priority = view.otherPriority.value
    ? (priorityOf(view.otherPriority.value) ?? first.priority)
    : first.priority;
  const chosen = view.otherPeriod.value ?? (priority.id === first.priority.id ? "before" : "same");
  const period = fitted(otherPeriodOf(first.period, chosen), within);
  return sceneOf(priority, period, first.compare, within);
});
