import { ROOT } from "../api/root";
import { CompareSwitch } from "../compare/switch";
import type { ServedArea } from "../api/types";
import { landing, priorities, servedAreas } from "../state/service";
import { scene } from "../state/scene";
import * as view from "../state/view";
import { strings } from "../strings";
import { Search } from "./search";
import { Share } from "./share";
import { ThemeSwitch } from "./themeSwitch";
import { UploadButton } from "../upload/button";

/** The bar on top: what the map is about, how to find a place, and what to do with the view. */
export function Top() {
  return (
    <header class="top">
      <h1 class="brand">
        <a href={`${ROOT}/`} title={strings.app.about}>
          {landing.value ? landing.value.title : strings.app.name}
        </a>
      </h1>
      <AreaPicker />
      <PriorityPicker />
      <Search />
      <div class="tools">
        <CompareSwitch />
        <UploadButton />
        <Share />
        <ThemeSwitch />
      </div>
    </header>
  );
}

/** Goes to the page of another area; there is nothing to choose where the service holds one only. */
function AreaPicker() {
  const areas = servedAreas.value;
  if (areas.length < 2) return null;
  const pageOf = (area: ServedArea) => area.links.find(({ rel }) => rel === "alternate")?.href ?? "";
  const isHere = (area: ServedArea) =>
    new URL(pageOf(area)).pathname === `${ROOT}/dashboard` || ROOT.endsWith(`/areas/${area.code}`);
  const here = areas.findIndex(isHere);
  return (
    <label class="priority area">
      <span class="unseen">{strings.areas.served}</span>
      <select
        value={here}
        onChange={({ currentTarget }) => {
          const area = areas[Number(currentTarget.value)];
          if (area) location.assign(pageOf(area));
        }}
      >
        {areas.map((area, place) => (
          <option key={area.code} value={place}>
            {area.name}
          </option>
        ))}
      </select>
    </label>
  );
}

function PriorityPicker() {
  const chosen = scene.value?.priority ?? priorities.value[0];
  return (
    <label class="priority">
      <span class="unseen">{strings.priority.label}</span>
      <select
        value={chosen?.id ?? ""}
        disabled={!chosen}
        title={chosen?.description}
        onChange={({ currentTarget }) => (view.priority.value = currentTarget.value)}
      >
        {priorities.value.map(({ id, title }) => (
          <option key={id} value={id}>
            {title}
          </option>
        ))}
      </select>
    </label>
  );
}
