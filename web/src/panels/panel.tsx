import { useSignal } from "@preact/signals";
import { useRef } from "preact/hooks";
import { Icon } from "../controls/icons";
import { boundaries } from "../state/service";
import { scene } from "../state/scene";
import { periodName } from "../state/months";
import * as view from "../state/view";
import { TABS } from "../state/view";
import { strings } from "../strings";
import { AreasPanel } from "./areas";
import { FindingsPanel } from "./findings";
import { MethodPanel } from "./method";
import { PlacesPanel } from "./places";
import { TimePanel } from "./time";

const PANELS = {
  findings: FindingsPanel,
  areas: AreasPanel,
  time: TimePanel,
  places: PlacesPanel,
  method: MethodPanel,
};

/** What can be said in figures of what the map shows. On a phone it is a sheet that is pulled up. */
export function Panel() {
  const isOpen = useSignal(false);
  const tabs = useRef<HTMLDivElement>(null);
  const { panels } = strings;
  const chosen = view.tab.value;
  const Shown = PANELS[chosen];
  const press = (event: KeyboardEvent) => {
    const by = { ArrowRight: 1, ArrowLeft: -1 }[event.key];
    if (!by) return;
    event.preventDefault();
    const next = TABS[(TABS.indexOf(chosen) + by + TABS.length) % TABS.length];
    if (!next) return;
    view.tab.value = next;
    tabs.current?.querySelector<HTMLElement>(`#tab-${next}`)?.focus();
  };
  return (
    <aside
      class={`panel ${isOpen.value ? "is-open" : ""}`}
      id="panel"
      aria-label={strings.app.panel}
      tabIndex={-1}
    >
      <button
        type="button"
        class="pull"
        aria-expanded={isOpen.value}
        aria-label={isOpen.value ? panels.shut : panels.open}
        onClick={() => (isOpen.value = !isOpen.value)}
      >
        <Icon name={isOpen.value ? "down" : "up"} />
      </button>
      <div class="tabs" role="tablist" aria-label={strings.app.panel} ref={tabs} onKeyDown={press}>
        {TABS.map((tab) => (
          <button
            key={tab}
            type="button"
            role="tab"
            id={`tab-${tab}`}
            aria-selected={tab === chosen}
            aria-controls="shown-panel"
            tabIndex={tab === chosen ? 0 : -1}
            onClick={() => {
              view.tab.value = tab;
              isOpen.value = true;
            }}
          >
            {panels.tabs[tab]}
          </button>
        ))}
      </div>
      <div class="panel-body" role="tabpanel" id="shown-panel" aria-labelledby={`tab-${chosen}`} tabIndex={0}>
        <Heading />
        <Shown />
      </div>
    </aside>
  );
}

/** What the figures are of: said once, above all of them. */
function Heading() {
  const shown = scene.value;
  const area = view.area.value;
  const name =
    area && boundaries.value.get(area.layer)?.areas.features.find(isCalled(area.code))?.properties.name;
  return (
    <header class="panel-head">
      <h2>{shown?.priority.title ?? "\u00a0"}</h2>
      <p>{shown ? periodName(shown.period) : "\u00a0"}</p>
      {area && (
        <button
          type="button"
          class="chip"
          onClick={() => (view.area.value = null)}
          title={strings.panels.allAreas}
        >
          {strings.panels.within(name ?? area.code)}
          <Icon name="close" />
        </button>
      )}
    </header>
  );
}

function isCalled(wanted: string) {
  return ({ properties }: { properties: { code: string } }) => properties.code === wanted;
}
