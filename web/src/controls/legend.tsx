import { classOf } from "../layers/classes";
import { paintsOf } from "../layers/colours";
import type { SurfaceData } from "../layers/surface";
import { first, second } from "../state/mapData";
import { periodName } from "../state/months";
import { scene } from "../state/scene";
import { isNight } from "../state/theme";
import * as view from "../state/view";
import { strings } from "../strings";

/** How many features each class holds. */
function counts(data: SurfaceData): number[] {
  const found = data.legend.classes.map(() => 0);
  const all = data.values.size
    ? [...data.values.values()]
    : data.features.map(({ properties }) => properties);
  for (const fields of all) {
    const number = classOf(data.legend, fields);
    if (number >= 0) found[number] = (found[number] ?? 0) + 1;
  }
  return found;
}

/** What the colours mean, in the classes and units of the service. */
export function Legend({ isWhole }: { isWhole: boolean }) {
  const data = first.surface.value;
  const right = second.surface.value;
  const { legend, states } = strings;
  const isSplit = view.split.value !== "one" && right !== null;
  // A priority is compared with itself in the classes of the left map; two have each their own.
  const isOne = second.scene.value?.priority.id === first.scene.value?.priority.id;
  const hasTwo = isSplit && (!isOne || right.surface === "emerging");
  return (
    <section class="legend" aria-label={legend.title} aria-busy={first.isWaiting.value}>
      {first.fault.value && <p class="refused">{first.fault.value.message || states.layerFailed}</p>}
      {data && <Classes data={data} isWhole={isWhole} />}
      {hasTwo && (
        <>
          <p class="legend-right">{strings.compare.rightLegend}</p>
          <Classes data={right} isWhole={isWhole} />
        </>
      )}
      {isSplit && !hasTwo && isWhole && <p class="rule">{strings.compare.classes}</p>}
      {scene.value && (data || !first.isWaiting.value) && <OverlayLegend />}
    </section>
  );
}

function Classes({ data, isWhole }: { data: SurfaceData; isWhole: boolean }) {
  const { shows, unit, class_rule: rule, classes } = data.legend;
  const found = counts(data);
  const paints = paintsOf(data.legend, isNight.value);
  const { legend, states } = strings;
  const against = scene.value?.comparison;
  const isChange = data.legend.style === "change";
  return (
    <>
      <h2>
        {shows}
        {unit && !isChange && !/ per /.test(shows) && <small>{legend.unit(unit)}</small>}
        {isChange && against && <small>{legend.comparison(periodName(against))}</small>}
      </h2>
      {classes.length === 0 && <p class="quiet">{states.noClasses}</p>}
      <ul class="classes">
        {classes.map((drawn, number) => {
          const { fill, line } = paints[number] ?? {};
          return (
            <li key={drawn.label}>
              <span class="swatch" style={{ background: fill, borderColor: line }} />
              <span>{drawn.label}</span>
              <span class="class-count" title={legend.features}>
                {data.surface === "density" ? "" : legend.count(found[number] ?? 0)}
              </span>
            </li>
          );
        })}
      </ul>
      {isWhole && rule && (
        <p class="rule" title={legend.rule}>
          {rule}
          {view.classesOf.value && ` · ${strings.layers.held(periodName(view.classesOf.value))}`}
        </p>
      )}
    </>
  );
}

function OverlayLegend() {
  const { legend } = strings;
  const over = view.overlays.value;
  return (
    <ul class="classes">
      {over.has("hotspots") && (
        <li>
          <span class="swatch is-hotspot" />
          <span>{legend.hotspot}</span>
          <span class="class-count">{first.hotspots.value?.features.length ?? ""}</span>
        </li>
      )}
      {over.has("incidents") && (
        <li>
          <span class="swatch is-incident" />
          <span>{legend.incident}</span>
        </li>
      )}
    </ul>
  );
}
