import { asked, query } from "../api/addresses";
import type { Change, Rates, Summary } from "../api/types";
import { useAsked, type Asked } from "./asked";
import { scene } from "./scene";
import { vintageOf } from "./service";

/** Tables by area for the period on the map; asked once, however many show them. */

export function useSummary(layer: string): Asked<Summary> {
  const of = scene.value;
  return useAsked<Summary>(
    of && query(`/summaries/${layer}`, { ...asked(of), compare: of.compare, vintage: vintageOf(layer) }),
  );
}

/** Null where there is nothing to compare with: the service refuses the question then. */
export function useChange(layer: string): Asked<Change> {
  const of = scene.value;
  const path =
    of?.comparison &&
    query(`/analysis/change/${layer}`, { ...asked(of), compare: of.compare, vintage: vintageOf(layer) });
  return useAsked<Change>(path ?? null);
}

export function useRates(layer: string): Asked<Rates> {
  const of = scene.value;
  return useAsked<Rates>(
    of && query(`/analysis/rates/${layer}`, { ...asked(of), vintage: vintageOf(layer) }),
  );
}
