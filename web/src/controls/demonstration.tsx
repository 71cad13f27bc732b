import { first } from "../state/mapData";
import { landing } from "../state/service";
import { Icon } from "./icons";
import { strings } from "../strings";

/** That what is shown is no real city stands on the map itself, once, and opens to what the service says. */
export function Demonstration() {
  const { demonstration } = strings;
  const notices = first.surface.value?.notices ?? landing.value?.notices ?? [];
  const card = first.surface.value?.method;
  if (notices.length === 0) return null;
  const said = [
    card?.incidents.synthetic ? demonstration.synthetic : null,
    card?.schematic_boundaries ? demonstration.schematic : null,
  ].filter((text) => text !== null);
  return (
    <details class="demonstration">
      <summary>
        <strong>{demonstration.short}</strong>
        {said.length > 0 && <span>{said.join(", ")}</span>}
        <Icon name="info" />
      </summary>
      <div>
        <p>{demonstration.explain}</p>
        <ul>
          {notices.map((notice) => (
            <li key={notice}>{notice}</li>
          ))}
        </ul>
      </div>
    </details>
  );
}
