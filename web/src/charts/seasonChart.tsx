import { scaleBand, scaleLinear } from "d3-scale";
import type { SeasonalMonth } from "../api/types";
import { whole } from "../numbers";

const WIDTH = 380;
const HEIGHT = 130;
const LEFT = 34;
const FOOT = 18;

/** The index of each month of the year around 100, with its interval. */
export function SeasonChart({ months }: { months: SeasonalMonth[] }) {
  const most = Math.max(120, ...months.map(({ index, index_high }) => index_high ?? index ?? 0));
  const x = scaleBand(
    months.map(({ month }) => month),
    [LEFT, WIDTH],
  ).padding(0.25);
  const y = scaleLinear([0, most], [HEIGHT - FOOT, 6]).nice(4);
  return (
    <svg class="chart" viewBox={`0 0 ${WIDTH} ${HEIGHT}`} aria-hidden="true">
      {y.ticks(4).map((tick) => (
        <g key={tick} class="tick">
          <line x1={LEFT} x2={WIDTH} y1={y(tick)} y2={y(tick)} class={tick === 100 ? "is-base" : undefined} />
          <text x={LEFT - 5} y={y(tick)} dy="0.32em" text-anchor="end">
            {whole(tick)}
          </text>
        </g>
      ))}
      {months.map(({ month, name, index, index_low: low, index_high: high }) => {
        const left = x(month) ?? 0;
        const middle = left + x.bandwidth() / 2;
        return (
          <g key={month}>
            <rect
              class="bar"
              x={left}
              width={x.bandwidth()}
              y={y(index ?? 0)}
              height={Math.max(0, y(0) - y(index ?? 0))}
            />
            {low !== null && high !== null && (
              <line class="whisker" x1={middle} x2={middle} y1={y(low)} y2={y(high)} />
            )}
            <text class="label" x={middle} y={HEIGHT - 4} text-anchor="middle">
              {name.slice(0, 1)}
            </text>
          </g>
        );
      })}
      <line class="base" x1={LEFT} x2={WIDTH} y1={y(100)} y2={y(100)} />
    </svg>
  );
}
