import type { Change, HotspotCollection, Rates, Trend } from "../api/types";
import { useAsked } from "../state/asked";
import { useChange, useRates, useSummary } from "../state/areas";
import { hotspotsAddress } from "../state/mapData";
import { periodName } from "../state/months";
import { useProfile } from "../state/profile";
import { scene, type Scene } from "../state/scene";
import { mainLayer } from "../state/service";
import { useSeries } from "../state/series";
import * as view from "../state/view";
import { liesIn } from "../controls/facts";
import { one, percent, signedPercent, whole } from "../numbers";
import { strings } from "../strings";
import { inWordsHere } from "./words";

/** What a reader should take away: figures first, then sentences. */
export function FindingsPanel() {
  const shown = scene.value;
  const area = view.area.value;
  const layer = area?.layer ?? mainLayer.value;
  const change = useChange(layer);
  const summary = useSummary(layer);
  const rates = useRates(layer);
  const series = useSeries();
  const hotspots = useAsked<HotspotCollection>(shown && hotspotsAddress(shown));
  const profile = useProfile(area ? null : shown);
  const { findings } = strings;
  const changed = area ? change.answer?.rows.find(({ code }) => code === area.code) : change.answer?.total;
  const row = area ? summary.answer?.rows.find(({ code }) => code === area.code) : null;
  const counted = row?.count ?? changed?.count ?? summary.answer?.method.incidents.used;
  const residents = summary.answer?.rows.reduce((sum, { residents: here }) => sum + (here ?? 0), 0);
  const rate = row ? row.rate_per_1000 : counted && residents ? (counted / residents) * 1000 : null;
  const isWaiting = summary.isWaiting || change.isWaiting;
  const holding = hotspots.answer?.features.reduce((sum, { properties }) => sum + properties.count_share, 0);
  const ground = hotspots.answer?.features.reduce((sum, { properties }) => sum + properties.area_share, 0);
  const here = hotspots.answer?.features.filter(liesIn(area));
  const hasChange = shown?.comparison && changed;
  return (
    <>
      <dl class={`heads ${isWaiting ? "is-waiting" : ""}`}>
        <div>
          <dt>{findings.count}</dt>
          <dd>{whole(counted)}</dd>
          <dd class="under">{`${one(rate)} ${findings.rate}`}</dd>
        </div>
        <div>
          <dt>{findings.change}</dt>
          <dd>{hasChange ? signedPercent(changed.change_percent) : strings.numbers.none}</dd>
          <dd class={`under ${hasChange ? `is-${changed.finding}` : ""}`}>
            {hasChange ? findings.sure[changed.finding] : findings.noChange}
          </dd>
        </div>
        <div>
          <dt>{findings.hotspots}</dt>
          <dd>{whole(here?.length)}</dd>
          <dd class="under">{area ? findings.here : findings.hold(percent(holding), percent(ground))}</dd>
        </div>
      </dl>
      <section class="findings" aria-busy={isWaiting}>
        <h3>{findings.title}</h3>
        {shown?.comparison && <p class="quiet">{findings.against(periodName(shown.comparison))}</p>}
        {profile.answer ? (
          <ul>
            {profile.answer.findings.map(({ section, text }) => (
              <li key={text}>
                <span class="section">{findings.section[section] ?? section}</span>
                {text}
              </li>
            ))}
          </ul>
        ) : (
          shown && (
            <ul>
              {inWordsHere({
                scene: shown,
                change: changed ?? null,
                name: row?.name ?? null,
                areas: area ? null : change.answer,
                rates: area ? null : rates.answer,
                hotspots: area ? null : hotspots.answer,
                trend: series.row,
              }).map((text) => (
                <li key={text}>{text}</li>
              ))}
            </ul>
          )
        )}
        {summary.fault && !summary.answer && <p class="refused">{summary.fault.message}</p>}
      </section>
    </>
  );
}

export interface Known {
  scene: Scene;
  change: Change["total"] | null;
  /** The area that all is about; null for the borough. */
  name: string | null;
  areas: Change | null;
  rates: Rates | null;
  hotspots: HotspotCollection | null;
  trend: Trend["total"] | null;
}
