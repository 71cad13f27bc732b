import { ROOT } from "../api/root";
import { CompareSwitch } from "../compare/switch";
import { landing, priorities } from "../state/service";
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
