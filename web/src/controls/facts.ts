import type { ChangeRow, Fields, HotspotProperties, LayerFeature, SummaryRow } from "../api/types";
import { one, percent, probability, signed, signedPercent, two, whole } from "../numbers";
import { strings } from "../strings";
import type { Area, Surface } from "../state/view";

/** What there is to say of something on the map, as names with values. */
export type Fact = [name: string, value: string];

const { details } = strings;

const number = (fields: Fields, name: string): number | null => {
  const value = fields[name];
  return typeof value === "number" ? value : null;
};

/** The ward that most of a hotspot lies in, or the first area of another layer. */
export function placeName(areas: HotspotProperties["areas"]): string | undefined {
  return (areas.ward ?? Object.values(areas)[0])?.[0]?.name;
}

/** Whether a hotspot lies in an area, in part at least; every one does in no area in particular. */
export function liesIn(area: Area | null) {
  return ({ properties: { areas } }: { properties: HotspotProperties }) =>
    !area || (areas[area.layer] ?? []).some(({ code }) => code === area.code);
}

/** Published positions are "on or near" a street, always: saying so each time helps nobody. */
export function streetName(recorded: string): string {
  return recorded.replace(/^On or near /i, "");
}

export function hotspotFacts(of: HotspotProperties): Fact[] {
  const places = Object.values(of.areas)
    .map((areas) => areas[0]?.name)
    .filter((name) => name !== undefined);
  const facts: Fact[] = [
    [details.count, `${whole(of.count)} (${percent(of.count_share)})`],
    [details.perKm2, whole(of.per_km2)],
    [details.pai, one(typeof of.pai === "number" ? of.pai : null)],
    [details.area, `${two(of.area_km2)} km²`],
    [details.inAreas, places.join(", ")],
    [details.streets, of.streets.map(({ name, count }) => `${streetName(name)} (${count})`).join(", ")],
  ];
  if (of.found_share !== null) facts.push([details.stability, percent(of.found_share)]);
  return facts.filter(([, value]) => value !== "");
}

/** A hex cell, a density band, or a cell with its category. */
export function cellFacts(surface: Surface, { properties: of }: LayerFeature): Fact[] {
  switch (surface) {
    case "hex":
      return [
        [details.count, whole(number(of, "count"))],
        [details.perKm2, one(number(of, "per_km2"))],
        [details.z, two(number(of, "z"))],
        [details.p, probability(number(of, "p"))],
        [details.pAdjusted, probability(number(of, "p_adjusted"))],
      ];
    case "emerging":
      return [
        [details.count, whole(number(of, "count"))],
        [details.months, whole(number(of, "hot_steps"))],
        [details.trend, probability(number(of, "trend_p"))],
      ];
    case "density":
      return [
        [details.perKm2, String(of.label ?? "")],
        [details.area, `${two(number(of, "area_km2"))} km²`],
      ];
    default:
      return [];
  }
}

/** An area of a boundary layer. */
export function areaFacts(of: SummaryRow, change: ChangeRow | null): Fact[] {
  const facts: Fact[] = [
    [details.count, `${whole(of.count)} (${percent(of.share)})`],
    [details.rate, one(of.rate_per_1000)],
    [details.perKm2, one(of.per_km2)],
  ];
  if (of.comparison_count !== null) {
    facts.push(
      [details.before, whole(of.comparison_count)],
      [details.change, `${signed(of.change)} (${signedPercent(of.change_percent)})`],
    );
  }
  if (change) {
    const { rate_ratio: ratio, rate_ratio_low: low, rate_ratio_high: high } = change;
    facts.push([details.ratio, `${two(ratio)} (${two(low)} – ${two(high)})`]);
    facts.push([details.p, probability(change.p_exact_adjusted)]);
  }
  return facts;
}
