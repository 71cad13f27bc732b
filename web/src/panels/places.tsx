import { asked, query } from "../api/addresses";
import type { Concentration, HotspotCollection } from "../api/types";
import { Figure } from "../charts/figure";
import { LorenzChart } from "../charts/lorenzChart";
import { boxOf } from "../map/geometry";
import { maps, told } from "../map/going";
import { liesIn, placeName, streetName } from "../controls/facts";
import { one, percent, two, whole } from "../numbers";
import { useAsked } from "../state/asked";
import { hotspotsAddress } from "../state/mapData";
import { scene } from "../state/scene";
import * as view from "../state/view";
import { strings } from "../strings";

const { places } = strings;

/** Which places hold most, and on how few how much falls. */
export function PlacesPanel() {
  return (
    <>
      <Ranking />
      <Lorenz />
    </>
  );
}

type Hotspot = HotspotCollection["features"][number];

function show({ id, geometry, properties }: Hotspot): void {
  const box = boxOf([geometry]);
  if (box) maps.value[0]?.frame(box, 13.8);
  const at: [number, number] = [properties.peak_lon_deg, properties.peak_lat_deg];
  view.overlays.value = new Set([...view.overlays.value, "hotspots"]);
  told.value = { side: 0, at, hotspot: id, cell: null, area: null };
}

function Ranking() {
  const shown = scene.value;
  const area = view.area.value;
  const { answer, isWaiting, fault } = useAsked<HotspotCollection>(shown && hotspotsAddress(shown));
  const listed = (answer?.features ?? []).filter(liesIn(area));
  return (
    <section class={`figure ${isWaiting ? "is-waiting" : ""}`}>
      <h3>{places.ranking}</h3>
      <p class="quiet">{listed.length ? places.rankingMore : isWaiting ? "" : places.none}</p>
      {fault && !answer && <p class="refused">{fault.message}</p>}
      <ol class="ranking">
        {listed.map((hotspot) => {
          const { rank, count, count_share, areas, streets, pai } = hotspot.properties;
          const where = placeName(areas);
          return (
            <li key={hotspot.id}>
              <button type="button" onClick={() => show(hotspot)}>
                <span class="rank">{rank}</span>
                <span class="where">
                  <strong>{where}</strong>
                  <small>
                    {streets
                      .slice(0, 3)
                      .map(({ name }) => streetName(name))
                      .join(", ")}
                  </small>
                </span>
                <span class="held">
                  <strong>{whole(count)}</strong>
                  <small>{percent(count_share)}</small>
                  {typeof pai === "number" && <small title={places.denser(one(pai))}>{one(pai)}×</small>}
                </span>
              </button>
            </li>
          );
        })}
      </ol>
    </section>
  );
}

function Lorenz() {
  const shown = scene.value;
  const { answer, isWaiting, fault } = useAsked<Concentration>(
    shown && query("/analysis/concentration", { ...asked(shown, view.area.value), resamples: 199, limit: 1 }),
  );
  const half = answer?.units_pct_holding.find(({ held_pct }) => held_pct === 50);
  const rows = (answer?.held_pct_by_top ?? []).map(({ units_pct, held_pct }) => [
    one(units_pct),
    one(held_pct),
  ]);
  const interval = answer?.gini_interval;
  return (
    <Figure
      title={places.lorenz}
      more={
        <>
          {half && <strong>{places.half(percent(half.units_pct / 100))}. </strong>}
          {answer && `${places.gini} ${two(answer.gini)}`}
          {interval && ` (${places.interval(two(interval.percentile_low), two(interval.percentile_high))})`}
          {answer && ". "}
          {places.lorenzMore}
        </>
      }
      table={{ head: [places.top, places.holds], rows }}
      isWaiting={isWaiting}
    >
      {fault && !answer ? (
        <p class="refused">{fault.message}</p>
      ) : (
        <LorenzChart curve={answer?.lorenz ?? []} />
      )}
    </Figure>
  );
}
