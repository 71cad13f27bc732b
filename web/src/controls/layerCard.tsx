import { useSignal } from "@preact/signals";
import { useEffect } from "preact/hooks";
import { STYLES, styleOf } from "../layers/surface";
import { boundaries, hasIncidents } from "../state/service";
import { scene, shownLayer } from "../state/scene";
import * as view from "../state/view";
import type { Overlay } from "../state/view";
import { strings } from "../strings";
import { Choice } from "./choice";
import { Icon } from "./icons";
import { Legend } from "./legend";

/** Phones have no room for the card: there it opens on demand. */
const ROOMY = matchMedia("(min-width: 48.01rem)");

/** What is on the map, and what its colours mean. */
export function LayerCard() {
  const isOpen = useSignal(ROOMY.matches);
  // Two maps side by side leave no room for it either.
  const isSide = view.split.value === "side";
  useEffect(() => {
    isOpen.value = ROOMY.matches && !isSide;
  }, [isSide]);
  const { layers } = strings;
  return (
    <section class={`layer-card ${isOpen.value ? "" : "is-shut"}`} aria-label={layers.title}>
      <button
        type="button"
        class="layer-toggle"
        aria-expanded={isOpen.value}
        title={layers.show}
        onClick={() => (isOpen.value = !isOpen.value)}
      >
        <Icon name="layers" />
        <span>{layers.title}</span>
        <Icon name={isOpen.value ? "up" : "down"} />
      </button>
      {isOpen.value && (
        <div class="layer-choices">
          <Surfaces />
          <SurfaceStyle />
          <Overlays />
        </div>
      )}
      <Legend isWhole={isOpen.value} />
    </section>
  );
}

function Surfaces() {
  const { surfaces, surfaceMore, fill } = strings.layers;
  return (
    <Choice
      label={fill}
      name="surface"
      class="is-wrapping"
      options={view.SURFACES.map((value) => ({ value, label: surfaces[value], title: surfaceMore[value] }))}
      chosen={view.surface.value}
      choose={(value) => {
        view.surface.value = value;
        view.style.value = null;
        view.classesOf.value = null;
      }}
    />
  );
}

function SurfaceStyle() {
  const { layers } = strings;
  const surface = view.surface.value;
  const styles = STYLES[surface];
  const style = styleOf(surface, view.style.value);
  const canHold = surface === "density" || style === "count" || style === "rate";
  const { period } = scene.value ?? {};
  if (surface === "none") return null;
  return (
    <div class="layer-style">
      {surface === "areas" && boundaries.value.size > 1 && (
        <Choice
          label={layers.by}
          name="areas-by"
          options={[...boundaries.value.values()].map(({ layer }) => ({
            value: layer.id,
            label: layer.title,
          }))}
          chosen={shownLayer.value}
          choose={(value) => (view.layer.value = value)}
        />
      )}
      {styles.length > 1 && (
        <Choice
          label={layers.style}
          name="style"
          options={styles.map((value) => ({ value, label: layers.styles[value] }))}
          chosen={style ?? ""}
          choose={(value) => (view.style.value = value)}
        />
      )}
      <label class="opacity">
        <span>{layers.opacity}</span>
        <input
          type="range"
          min={10}
          max={100}
          step={5}
          value={view.opacity.value}
          onInput={({ currentTarget }) => (view.opacity.value = currentTarget.valueAsNumber)}
        />
        <output>{layers.percent(view.opacity.value)}</output>
      </label>
      {canHold && period && (
        <label class="check">
          <input
            type="checkbox"
            checked={view.classesOf.value !== null}
            onChange={({ currentTarget }) => (view.classesOf.value = currentTarget.checked ? period : null)}
          />
          {layers.hold}
        </label>
      )}
    </div>
  );
}

function Overlays() {
  const offered = view.OVERLAYS.filter((overlay) => overlay !== "incidents" || hasIncidents.value);
  const turn = (overlay: Overlay, isOn: boolean) => {
    const now = new Set(view.overlays.value);
    if (isOn) now.add(overlay);
    else now.delete(overlay);
    view.overlays.value = now;
  };
  return (
    <fieldset class="overlays">
      <legend class="unseen">{strings.layers.over}</legend>
      {offered.map((overlay) => (
        <label key={overlay} class="check">
          <input
            type="checkbox"
            checked={view.overlays.value.has(overlay)}
            onChange={({ currentTarget }) => turn(overlay, currentTarget.checked)}
          />
          {strings.layers.overlays[overlay]}
        </label>
      ))}
    </fieldset>
  );
}
