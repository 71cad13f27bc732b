import { inWords, one, percent, signedPercent, whole } from "../numbers";
import { placeName, streetName } from "../controls/facts";
import { strings } from "../strings";
import type { Known } from "./findings";

const { findings } = strings;

/** How many areas a sentence names at most. */
const MOST = 4;

/** Plain sentences from the service's tests, where it does not give its own report. */
export function inWordsHere({ scene, change, name, areas, rates, hotspots, trend }: Known): string[] {
  const said: string[] = [];
  const title = name ? `${scene.priority.title} in ${name}` : scene.priority.title;
  if (change && change.finding !== "no-incidents") {
    const [now, before] = [whole(change.count), whole(change.comparison_count)];
    if (change.finding === "no-evidence") said.push(findings.same(title, now, before));
    else said.push(findings[change.finding](title, now, before, signedPercent(change.change_percent)));
  }
  const foremost = hotspots?.features[0]?.properties;
  if (hotspots && foremost) {
    const sum = (of: "count_share" | "area_share") =>
      hotspots.features.reduce((total, { properties }) => total + properties[of], 0);
    const many = hotspots.features.length;
    said.push(findings.concentrated(percent(sum("count_share")), percent(sum("area_share")), many));
    const where = placeName(foremost.areas) ?? "";
    const streets = inWords.format(
      foremost.streets.slice(0, 2).map(({ name: street }) => streetName(street)),
    );
    said.push(findings.top(where, percent(foremost.count_share), streets));
  } else if (hotspots) said.push(findings.none);
  const highest = rates?.rows
    .filter(({ rate_per_1000 }) => rate_per_1000 !== null)
    .sort((a, b) => (b.rate_per_1000 ?? 0) - (a.rate_per_1000 ?? 0))[0];
  if (highest?.rate_per_1000) {
    const { name: area, rate_per_1000: rate, rate_low: low, rate_high: high } = highest;
    said.push(findings.highest(area, one(rate), one(low), one(high)));
  }
  const called = (finding: string) => {
    const named = (areas?.rows ?? []).filter((row) => row.finding === finding);
    return named
      .sort((a, b) => Math.abs(b.change) - Math.abs(a.change))
      .slice(0, MOST)
      .map((row) => `${row.name} (${signedPercent(row.change_percent)})`);
  };
  const [up, down] = [called("more"), called("fewer")];
  if (up.length) said.push(findings.areasUp(inWords.format(up)));
  if (down.length) said.push(findings.areasDown(inWords.format(down)));
  if (trend && trend.slope_per_month !== null && trend.finding !== "no-incidents") {
    const slope = one(Math.abs(trend.slope_per_month));
    if (trend.finding === "up") said.push(findings.trendUp(slope));
    else if (trend.finding === "down") said.push(findings.trendDown(slope));
    else said.push(findings.trendNone);
  }
  return said;
}
