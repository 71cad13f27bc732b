import {
  lengthOf,
  longName,
  periodName,
  periodText,
  readPeriod,
  type Month,
  type Period,
} from "../state/months";
import { held } from "../state/service";
import { scene } from "../state/scene";
import * as view from "../state/view";
import { strings } from "../strings";

const OWN = "own";

/** The first months that a period of this length can begin with. */
export function beginnings(within: Period, months: number): Month[] {
  const many = lengthOf(within) - months + 1;
  return Array.from({ length: Math.max(0, many) }, (_, number) => within.from + number);
}

/** What the period is compared with. */
export function ComparePicker() {
  const shown = scene.value;
  const within = held.value;
  const { period: text } = strings;
  if (!shown || !within) return null;
  const months = lengthOf(shown.period);
  const own = readPeriod(shown.compare);
  const choose = (compare: string) => {
    const from = (shown.comparison ?? shown.period).from;
    view.compare.value = compare === OWN ? periodText({ from, to: from + months - 1 }) : compare;
  };
  const known = [
    ["before", text.before],
    ["year-before", text.yearBefore],
    ["none", text.none],
  ] as const;
  const isMissing = shown.compare !== "none" && !shown.comparison;
  return (
    <div class="comparing">
      <label>
        <span>{text.compare}</span>
        <select
          value={own ? OWN : shown.compare}
          onChange={({ currentTarget }) => choose(currentTarget.value)}
        >
          {known.map(([value, name]) => (
            <option key={value} value={value}>
              {name}
            </option>
          ))}
          <option value={OWN}>{own ? periodName(own) : text.choose}</option>
        </select>
      </label>
      {own && (
        <label>
          <span class="unseen">{text.firstOfCompared}</span>
          <select
            value={own.from}
            onChange={({ currentTarget }) => {
              const from = Number(currentTarget.value);
              view.compare.value = periodText({ from, to: from + months - 1 });
            }}
          >
            {beginnings(within, months).map((from) => (
              <option key={from} value={from}>
                {longName(from)}
              </option>
            ))}
          </select>
        </label>
      )}
      {isMissing && (
        <span class="warning" title={text.notHeld} role="img" aria-label={text.notHeld}>
          !
        </span>
      )}
    </div>
  );
}
