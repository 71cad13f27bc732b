import { scaleLinear } from "d3-scale";
import { line } from "d3-shape";
import type { Month, Period } from "../state/months";
import { lengthOf } from "../state/months";
import { whole } from "../numbers";

interface Props {
  within: Period;
  counts: ReadonlyMap<Month, number>;
  slope: number | null;
}

const WIDTH = 380;
const HEIGHT = 110;
const LEFT = 34;
const TOP = 8;

/** A course of counts with the line of its trend; brushing lies over it. */
export function TrendChart({ within, counts, slope }: Props) {
  const values = [...counts];
  const most = Math.max(1, ...counts.values());
  const x = scaleLinear([within.from - 0.5, within.to + 0.5], [LEFT, WIDTH]);
  const y = scaleLinear([0, most], [HEIGHT, TOP]).nice(3);
  const course = line<[Month, number]>(
    ([at]) => x(at),
    ([, count]) => y(count),
  )(values);
  // Sen's line goes through the medians.
  const sorted = [...counts.values()].sort((a, b) => a - b);
  const middle = sorted[Math.floor(sorted.length / 2)] ?? 0;
  const half = (lengthOf(within) - 1) / 2;
  const end = (side: -1 | 1) => y(middle + side * half * (slope ?? 0));
  return (
    <svg class="chart" viewBox={`0 0 ${WIDTH} ${HEIGHT + 4}`} aria-hidden="true">
      {y.ticks(3).map((tick) => (
        <g key={tick} class="tick">
          <line x1={LEFT} x2={WIDTH} y1={y(tick)} y2={y(tick)} />
          <text x={LEFT - 5} y={y(tick)} dy="0.32em" text-anchor="end">
            {whole(tick)}
          </text>
        </g>
      ))}
      {slope !== null && (
        <line class="slope" x1={x(within.from)} x2={x(within.to)} y1={end(-1)} y2={end(1)} />
      )}
      <path class="course" d={course ?? ""} />
      {values.map(([at, count]) => (
        <circle key={at} class="dot" cx={x(at)} cy={y(count)} r={1.9} />
      ))}
    </svg>
  );
}
