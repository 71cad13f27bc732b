import { useSignal } from "@preact/signals";
import { ROOT } from "../api/root";
import { asked, query } from "../api/addresses";
import type { ChangeRow, RateRow, SummaryRow } from "../api/types";
import { Choice } from "../controls/choice";
import { plain } from "../controls/places";
import { goToArea } from "../map/going";
import { one, percent, signedPercent, whole } from "../numbers";
import { useChange, useRates, useSummary } from "../state/areas";
import { chooseArea } from "../state/change";
import { boundaries, vintageOf } from "../state/service";
import { scene, shownLayer } from "../state/scene";
import * as view from "../state/view";
import { strings } from "../strings";
import { sorted, type Column, type Order } from "./sorting";

export interface AreaRow extends SummaryRow {
  changed: ChangeRow | null;
  rated: RateRow | null;
}

const COLUMNS: { id: Column; title: string }[] = [
  { id: "name", title: strings.areas.name },
  { id: "count", title: strings.areas.count },
  { id: "rate", title: strings.areas.rate },
  { id: "change", title: strings.areas.change },
];

/** Every area in figures: sorted by any of them, found by name, and a filter for everything when chosen. */
export function AreasPanel() {
  const layer = shownLayer.value;
  const summary = useSummary(layer);
  const change = useChange(layer).answer;
  const rates = useRates(layer).answer;
  const order = useSignal<Order>({ by: "count", isUp: false });
  const wanted = useSignal("");
  const { areas } = strings;
  const of = scene.value;
  const rows: AreaRow[] = (summary.answer?.rows ?? []).map((row) => ({
    ...row,
    changed: change?.rows.find(({ code }) => code === row.code) ?? null,
    rated: rates?.rows.find(({ code }) => code === row.code) ?? null,
  }));
  const most = Math.max(1, ...rows.map(({ count }) => count));
  const shown = sorted(rows, order.value).filter(({ name }) => plain(name).includes(plain(wanted.value)));
  const sortBy = (by: Column) => {
    const now = order.value;
    order.value = { by, isUp: now.by === by ? !now.isUp : by === "name" };
  };
  const csv =
    of &&
    query(`/summaries/${layer}`, { ...asked(of), compare: of.compare, vintage: vintageOf(layer), f: "csv" });
  return (
    <section class={summary.isWaiting ? "is-waiting" : undefined}>
      <div class="table-tools">
        {boundaries.value.size > 1 && (
          <Choice
            label={strings.layers.by}
            name="table-by"
            options={[...boundaries.value.values()].map(({ layer: { id, title } }) => ({
              value: id,
              label: title,
            }))}
            chosen={layer}
            choose={(value) => (view.layer.value = value)}
          />
        )}
        <input
          type="search"
          aria-label={areas.filter}
          placeholder={areas.filter}
          value={wanted.value}
          onInput={({ currentTarget }) => (wanted.value = currentTarget.value)}
        />
        {csv && (
          <a href={ROOT + csv} download="">
            {areas.csv}
          </a>
        )}
      </div>
      {summary.fault && !summary.answer && <p class="refused">{summary.fault.message}</p>}
      <div class="table area-table">
        <table>
          <caption class="unseen">{areas.title(boundaries.value.get(layer)?.layer.title ?? layer)}</caption>
          <thead>
            <tr>
              {COLUMNS.map(({ id, title }) => {
                const isBy = order.value.by === id;
                const sort = isBy ? (order.value.isUp ? "ascending" : "descending") : "none";
                return (
                  <th key={id} scope="col" aria-sort={sort} class={id === "name" ? undefined : "number"}>
                    <button type="button" onClick={() => sortBy(id)}>
                      {title}
                      <span class="arrow" aria-hidden="true">
                        {isBy ? (order.value.isUp ? "▲" : "▼") : ""}
                      </span>
                    </button>
                  </th>
                );
              })}
            </tr>
          </thead>
          <tbody>
            {shown.map((row) => (
              <Row key={row.code} row={row} layer={layer} most={most} />
            ))}
          </tbody>
        </table>
      </div>
      {summary.answer && summary.answer.in_no_area > 0 && (
        <p class="quiet">{areas.inNoArea(whole(summary.answer.in_no_area))}</p>
      )}
      <p class="quiet">{areas.note}</p>
    </section>
  );
}

function Row({ row, layer, most }: { row: AreaRow; layer: string; most: number }) {
  const area = { layer, code: row.code };
  const isChosen = view.area.value?.code === row.code;
  const isPointed = view.pointed.value?.code === row.code;
  const { areas } = strings;
  const isSure = row.changed?.finding === "more" || row.changed?.finding === "fewer";
  const choose = () => {
    chooseArea(area);
    if (view.area.value) goToArea(area);
  };
  return (
    <tr
      class={`${isChosen ? "is-chosen" : ""} ${isPointed ? "is-pointed" : ""}`}
      onPointerEnter={() => (view.pointed.value = area)}
      onPointerLeave={() => (view.pointed.value = null)}
      onClick={choose}
    >
      <th scope="row">
        <button
          type="button"
          class="row-name"
          aria-pressed={isChosen}
          title={areas.choose(row.name)}
          onFocus={() => (view.pointed.value = area)}
          onClick={(event) => {
            event.stopPropagation();
            choose();
          }}
        >
          {row.name}
        </button>
      </th>
      <td class="number">
        <span class="in-bar" style={{ "--part": `${(row.count / most) * 100}%` }}>
          {whole(row.count)}
        </span>
        <small>{percent(row.share)}</small>
      </td>
      <td class="number">
        {one(row.rate_per_1000)}
        {row.rated && (
          <small title={areas.interval}>
            {one(row.rated.rate_low)}–{one(row.rated.rate_high)}
          </small>
        )}
      </td>
      <td class={`number ${isSure ? "is-sure" : ""}`}>
        {signedPercent(row.change_percent)}
        {isSure && <small>{areas.sure}</small>}
      </td>
    </tr>
  );
}
