import { query } from "../api/addresses";
import type { Profile } from "../api/types";
import { useAsked, type Asked } from "./asked";
import { periodText } from "./months";
import type { Scene } from "./scene";

/** The report of a priority. A service without it answers 404, and the page then does without. */
export function profileAddress(of: Scene, f: string): string {
  const { priority, period, compare } = of;
  return query(`/priorities/${priority.id}/profile`, { period: periodText(period), compare, f });
}

export function useProfile(of: Scene | null): Asked<Profile> {
  return useAsked<Profile>(of && profileAddress(of, "json"));
}
