import type { LayerFeature } from "../api/types";
import { classOf } from "../layers/classes";
import { paintsOf } from "../layers/colours";
import type { SurfaceData } from "../layers/surface";
import { maps, type Told } from "../map/going";
import { one, percent, whole } from "../numbers";
import { useChange, useSummary } from "../state/areas";
import { first, second } from "../state/mapData";
import { mainLayer } from "../state/service";
import { isNight } from "../state/theme";
import * as view from "../state/view";
import { strings } from "../strings";
import { areaFacts, cellFacts, hotspotFacts, type Fact } from "./facts";

const { details } = strings;

function dataOf(told: Told) {
  return told.side === 0 ? first : second;
}

/** The class of a cell in words, as the legend says it. */
function Class({ data, fields }: { data: SurfaceData; fields: LayerFeature["properties"] }) {
  const number = classOf(data.legend, fields);
  const drawn = data.legend.classes[number];
  if (!drawn) return null;
  return (
    <p class="told-class">
      <span class="swatch" style={{ background: paintsOf(data.legend, isNight.value)[number]?.fill }} />
      {drawn.label}
    </p>
  );
}

export function cellOf(told: Told): LayerFeature | null {
  return told.cell === null ? null : (maps.value[told.side]?.cell(told.cell) ?? null);
}

export function hotspotOf(told: Told) {
  const all = dataOf(told).hotspots.value?.features;
  return { all: all?.length ?? 0, one: all?.find(({ id }) => id === told.hotspot)?.properties ?? null };
}

/** The one line that a pointer passing over is worth. */
export function Line({ told }: { told: Told }) {
  const data = dataOf(told).surface.value;
  const hotspot = hotspotOf(told);
  const cell = cellOf(told);
  const fields = told.area && data?.layer === told.area.layer ? data.values.get(told.area.code) : undefined;
  const name = useAreaName(told);
  return (
    <>
      {name && <strong>{name}</strong>}
      {hotspot.one && (
        <p>
          {details.rank(hotspot.one.rank, hotspot.all)}: {whole(hotspot.one.count)} (
          {percent(hotspot.one.count_share)})
        </p>
      )}
      {data && cell && (
        <>
          <Class data={data} fields={cell.properties} />
          {typeof cell.properties.count === "number" && (
            <p>{strings.places.incidents(whole(cell.properties.count))}</p>
          )}
        </>
      )}
      {data && fields && (
        <>
          <Class data={data} fields={fields} />
          <p>
            {strings.places.incidents(whole(Number(fields.count)))}
            {typeof fields.rate_per_1000 === "number" &&
              `, ${one(fields.rate_per_1000)} ${strings.findings.rate}`}
          </p>
        </>
      )}
    </>
  );
}

function useAreaName({ area }: Told): string | null {
  const { answer } = useSummary(area?.layer ?? mainLayer.value);
  return answer?.rows.find(({ code }) => code === area?.code)?.name ?? null;
}

function Facts({ facts }: { facts: Fact[] }) {
  return (
    <dl class="facts">
      {facts.map(([name, value]) => (
        <div key={name}>
          <dt>{name}</dt>
          <dd>{value}</dd>
        </div>
      ))}
    </dl>
  );
}

/** Everything that is known of what lies at a place. */
export function Whole({ told }: { told: Told }) {
  const data = dataOf(told).surface.value;
  const hotspot = hotspotOf(told);
  const cell = cellOf(told);
  return (
    <>
      {hotspot.one && (
        <section>
          <h3>{details.rank(hotspot.one.rank, hotspot.all)}</h3>
          <Facts facts={hotspotFacts(hotspot.one)} />
        </section>
      )}
      {data && cell && (
        <section>
          <h3>{data.surface === "density" ? details.band : details.cell}</h3>
          <Class data={data} fields={cell.properties} />
          <Facts facts={cellFacts(data.surface, cell)} />
        </section>
      )}
      {told.area && <AreaPart area={told.area} />}
    </>
  );
}

function AreaPart({ area }: { area: view.Area }) {
  const { answer } = useSummary(area.layer);
  const change = useChange(area.layer).answer;
  const row = answer?.rows.find(({ code }) => code === area.code);
  if (!row) return null;
  const isChosen = view.area.value?.code === area.code;
  return (
    <section>
      <h3>{row.name}</h3>
      <Facts facts={areaFacts(row, change?.rows.find(({ code }) => code === area.code) ?? null)} />
      <button type="button" class="main-action" onClick={() => (view.area.value = isChosen ? null : area)}>
        {isChosen ? details.all : details.only}
      </button>
    </section>
  );
}
