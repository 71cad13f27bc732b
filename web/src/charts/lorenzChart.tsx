import { scaleLinear } from "d3-scale";
import { line } from "d3-shape";
import { strings } from "../strings";

const SIZE = 220;
const LEFT = 34;
const FOOT = 20;

/** The Lorenz curve. */
export function LorenzChart({ curve }: { curve: [number, number][] }) {
  const x = scaleLinear([0, 1], [LEFT, LEFT + SIZE]);
  const y = scaleLinear([0, 1], [SIZE + 6, 6]);
  const path = line<[number, number]>(
    ([units]) => x(units),
    ([, held]) => y(held),
  );
  return (
    <svg class="chart lorenz" viewBox={`0 0 ${LEFT + SIZE + 8} ${SIZE + FOOT + 8}`} aria-hidden="true">
      {[0, 0.25, 0.5, 0.75, 1].map((tick) => (
        <g key={tick} class="tick">
          <line x1={x(0)} x2={x(1)} y1={y(tick)} y2={y(tick)} />
          <text x={LEFT - 5} y={y(tick)} dy="0.32em" text-anchor="end">
            {tick * 100}
          </text>
          <text x={x(tick)} y={SIZE + FOOT} text-anchor="middle">
            {tick * 100}
          </text>
        </g>
      ))}
      <path class="area" d={curve.length ? `${path(curve) ?? ""}Z` : ""} />
      <line class="base" x1={x(0)} y1={y(0)} x2={x(1)} y2={y(1)} />
      <path class="course" d={path(curve) ?? ""} />
      <text
        class="label"
        x={x(0.5)}
        y={y(0.5) - 8}
        text-anchor="middle"
        transform={`rotate(-45 ${x(0.5)} ${y(0.5)})`}
      >
        {strings.places.equal}
      </text>
    </svg>
  );
}
