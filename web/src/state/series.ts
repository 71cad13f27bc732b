import { query } from "../api/addresses";
import type { Trend, TrendRow } from "../api/types";
import { useAsked, type Asked } from "./asked";
import { month, periodText, type Month } from "./months";
import { held, mainLayer, vintageOf } from "./service";
import { scene } from "./scene";
import * as view from "./view";

/** Incidents by month over all that is held, of the chosen area or of the borough. */
export interface Series extends Asked<Trend> {
  row: TrendRow | null;
  counts: ReadonlyMap<Month, number> | null;
}

export function useSeries(): Series {
  const within = held.value;
  const priority = scene.value?.priority.id;
  const chosen = view.area.value;
  // Every area has its row in one answer, so that choosing one asks for nothing.
  const layer = chosen?.layer ?? mainLayer.value;
  const path =
    priority && within
      ? query(`/analysis/trend/${layer}`, {
          priority,
          period: periodText(within),
          vintage: vintageOf(layer),
        })
      : null;
  const asked = useAsked<Trend>(path);
  const { answer } = asked;
  const row = chosen ? answer?.rows.find(({ code }) => code === chosen.code) : answer?.total;
  const counts =
    answer && row ? new Map(answer.months.map((text, at) => [month(text), row.counts[at] ?? 0])) : null;
  return { ...asked, row: row ?? null, counts };
}
