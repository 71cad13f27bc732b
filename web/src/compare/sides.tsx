import { beginnings } from "../controls/comparePicker";
import { lengthOf, longName, periodName, periodText, readPeriod } from "../state/months";
import { held, priorities } from "../state/service";
import { otherScene, scene } from "../state/scene";
import * as view from "../state/view";
import { strings } from "../strings";

const OWN = "own";

/** What each of two maps shows, above it; that of the right one can be chosen. */
export function LeftTitle() {
  const shown = scene.value;
  if (!shown) return null;
  return (
    <div class="side-title is-left">
      <strong>{shown.priority.title}</strong> <span>{periodName(shown.period)}</span>
    </div>
  );
}

export function RightTitle() {
  const [shown, left, within] = [otherScene.value, scene.value, held.value];
  const { compare, period: text } = strings;
  if (!shown || !left || !within) return null;
  const isSame = shown.priority.id === left.priority.id;
  const chosen = view.otherPeriod.value ?? (isSame ? "before" : "same");
  const own = readPeriod(chosen);
  const months = lengthOf(left.period);
  const options = [
    ["same", text.same],
    ["before", text.before],
    ["year-before", text.yearBefore],
  ] as const;
  const from = own?.from ?? shown.period.from;
  const ownPeriod = (first: number) => periodText({ from: first, to: first + months - 1 });
  return (
    <div class="side-title is-right">
      <label>
        <span class="unseen">{compare.priority}</span>
        <select
          value={shown.priority.id}
          onChange={({ currentTarget: { value } }) => {
            view.otherPriority.value = value === left.priority.id ? null : value;
          }}
        >
          {priorities.value.map(({ id, title }) => (
            <option key={id} value={id}>
              {title}
            </option>
          ))}
        </select>
      </label>
      <label>
        <span class="unseen">{compare.period}</span>
        <select
          value={own ? OWN : chosen}
          onChange={({ currentTarget: { value } }) => {
            view.otherPeriod.value = value === OWN ? ownPeriod(from) : value;
          }}
        >
          {options.map(([value, name]) => (
            <option key={value} value={value}>
              {name}
            </option>
          ))}
          <option value={OWN}>{text.choose}</option>
        </select>
      </label>
      {own && (
        <label>
          <span class="unseen">{text.from}</span>
          <select
            value={own.from}
            onChange={({ currentTarget: { value } }) => (view.otherPeriod.value = ownPeriod(Number(value)))}
          >
            {beginnings(within, months).map((first) => (
              <option key={first} value={first}>
                {longName(first)}
              </option>
            ))}
          </select>
        </label>
      )}
      <span>{periodName(shown.period)}</span>
    </div>
  );
}
