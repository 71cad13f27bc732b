import type { Hours } from "../api/types";
import { one } from "../numbers";
import { strings } from "../strings";

const CELL = 14.2;
const HIGH = 16;
const LEFT = 34;
const TOP = 16;

/** Seven days by twenty-four hours, darker for more. */
export function HoursChart({ hours }: { hours: Hours }) {
  const { time } = strings;
  const most = Math.max(1e-9, ...hours.hours_of_week.map(({ incidents }) => incidents));
  const hourText = (hour: number) => `${String(hour).padStart(2, "0")}:00`;
  return (
    <>
      <svg class="chart hours" viewBox={`0 0 ${LEFT + 24 * CELL} ${TOP + 7 * HIGH}`} aria-hidden="true">
        {[0, 6, 12, 18].map((hour) => (
          <text key={hour} class="label" x={LEFT + hour * CELL} y={11}>
            {hourText(hour)}
          </text>
        ))}
        {hours.days.map(({ day }, row) => (
          <text
            key={day}
            class="label"
            x={LEFT - 5}
            y={TOP + row * HIGH + HIGH / 2}
            dy="0.32em"
            text-anchor="end"
          >
            {time.days[day]}
          </text>
        ))}
        {hours.hours_of_week.map(({ hour_of_week: number, day, hour, incidents }) => (
          <rect
            key={number}
            class="hour"
            x={LEFT + hour * CELL + 0.5}
            y={TOP + Math.floor(number / 24) * HIGH + 0.5}
            width={CELL - 1}
            height={HIGH - 1}
            style={{ "--part": `${Math.round((incidents / most) * 100)}%` }}
          >
            <title>{time.cell(day, hourText(hour), one(incidents))}</title>
          </rect>
        ))}
      </svg>
      <p class="ramp" aria-hidden="true">
        {time.less} <span /> {time.more}
      </p>
    </>
  );
}
