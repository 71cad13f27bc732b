import type { AreaShape, Position } from "../api/types";

/** Plain geometry in degrees, exact enough to place a name or to frame a view. */

export type Box = [west: number, south: number, east: number, north: number];

export function polygons(shape: AreaShape): Position[][][] {
  return shape.type === "Polygon" ? [shape.coordinates] : shape.coordinates;
}

export function boxOf(shapes: Iterable<AreaShape>): Box | null {
  const box: Box = [Infinity, Infinity, -Infinity, -Infinity];
  for (const shape of shapes) {
    for (const [x, y] of polygons(shape).flat(2)) {
      box[0] = Math.min(box[0], x);
      box[1] = Math.min(box[1], y);
      box[2] = Math.max(box[2], x);
      box[3] = Math.max(box[3], y);
    }
  }
  return box[0] <= box[2] ? box : null;
}

function inRing([x, y]: Position, ring: Position[]): boolean {
  let isIn = false;
  for (let at = 0, before = ring.length - 1; at < ring.length; before = at++) {
    const [ax, ay] = ring[at] as Position;
    const [bx, by] = ring[before] as Position;
    if (ay > y !== by > y && x < ((bx - ax) * (y - ay)) / (by - ay) + ax) isIn = !isIn;
  }
  return isIn;
}

export function holds(shape: AreaShape, at: Position): boolean {
  return polygons(shape).some(
    ([rim, ...holes]) => !!rim && inRing(at, rim) && !holes.some((hole) => inRing(at, hole)),
  );
}

function distanceToLine([px, py]: Position, [ax, ay]: Position, [bx, by]: Position): number {
  const [dx, dy] = [bx - ax, by - ay];
  const along =
    dx || dy ? Math.min(1, Math.max(0, ((px - ax) * dx + (py - ay) * dy) / (dx * dx + dy * dy))) : 0;
  return Math.hypot(px - ax - along * dx, py - ay - along * dy);
}

function distanceToRim(at: Position, rings: Position[][]): number {
  let least = Infinity;
  for (const ring of rings) {
    for (let corner = 1; corner < ring.length; corner++) {
      least = Math.min(least, distanceToLine(at, ring[corner - 1] as Position, ring[corner] as Position));
    }
  }
  return least;
}

const GRID = 14;

/** A point well inside of the largest part, where a name has most room. */
export function middle(shape: AreaShape): Position | null {
  const parts = polygons(shape).map((rings) => ({
    rings,
    box: boxOf([{ type: "Polygon", coordinates: rings }]),
  }));
  const size = (box: Box | null) => (box ? (box[2] - box[0]) * (box[3] - box[1]) : 0);
  const largest = parts.sort((a, b) => size(b.box) - size(a.box))[0];
  if (!largest?.box) return null;
  const [west, south, east, north] = largest.box;
  // A degree of longitude is shorter: distances are taken as if the map were stretched to be true.
  const stretch = Math.cos((((south + north) / 2) * Math.PI) / 180);
  const flat = (at: Position): Position => [at[0] * stretch, at[1]];
  const rings = largest.rings.map((ring) => ring.map(flat));
  let best: Position = [(west + east) / 2, (south + north) / 2];
  let most = -Infinity;
  for (let column = 1; column < GRID; column++) {
    for (let row = 1; row < GRID; row++) {
      const at: Position = [west + ((east - west) * column) / GRID, south + ((north - south) * row) / GRID];
      if (!holds({ type: "Polygon", coordinates: largest.rings }, at)) continue;
      const room = distanceToRim(flat(at), rings);
      if (room > most) [best, most] = [at, room];
    }
  }
  return best;
}

/** Everything but a shape: the world with holes where it is. */
export function allBut(shape: AreaShape): AreaShape {
  const world: Position[] = [
    [-180, -85],
    [180, -85],
    [180, 85],
    [-180, 85],
    [-180, -85],
  ];
  const holes = polygons(shape).flatMap(([rim]) => (rim ? [rim] : []));
  return { type: "Polygon", coordinates: [world, ...holes] };
}
