/** Where a card stands on the map so that it lies beside what it is about. */

export interface Box {
  x: number;
  y: number;
  width: number;
  height: number;
}

export type Pixel = readonly [number, number];

export interface Scene {
  /** Outlines on the map, in pixels; rings are closed. */
  shapes: readonly (readonly Pixel[])[];
  card: { width: number; height: number };
  /** What of the map may be used. */
  frame: Box;
  /** What else stands on the map: the legend, the buttons. */
  taken: readonly Box[];
}

const STEP = 12;
const GAP = 14;

/** The free place nearest to the shapes; where there is none, the one that covers least of them. */
export function placeBeside({ shapes, card, frame, taken }: Scene): { x: number; y: number } {
  const points = shapes.flatMap((ring) => [...dense(ring)]).filter((point) => isIn(frame, point));
  const around = points.length > 0 ? boxOf(points) : { ...frame, width: 0, height: 0 };
  const right = Math.max(frame.x, frame.x + frame.width - card.width);
  const bottom = Math.max(frame.y, frame.y + frame.height - card.height);
  let best = { x: right, y: frame.y, cost: Number.POSITIVE_INFINITY };
  for (let x = frame.x; x <= right; x += STEP) {
    for (let y = frame.y; y <= bottom; y += STEP) {
      const box = { x, y, ...card };
      const covered = covers(wider(box, GAP), shapes, points);
      const inWay = taken.filter((one) => overlap(box, one)).length;
      const cost = covered * 1e6 + inWay * 1e5 + far(box, around);
      if (cost < best.cost) best = { x, y, cost };
    }
  }
  return { x: best.x, y: best.y };
}

/** Places along a ring, close enough that no card slips between them. */
function* dense(ring: readonly Pixel[]): Generator<Pixel> {
  for (let index = 0; index < ring.length; index++) {
    const to = ring[index]!;
    const from = ring[index - 1] ?? to;
    const pieces =
      Math.min(200, Math.ceil(Math.hypot(to[0] - from[0], to[1] - from[1]) / GAP)) || 1;
    for (let piece = 1; piece <= pieces; piece++) {
      const part = piece / pieces;
      yield [from[0] + (to[0] - from[0]) * part, from[1] + (to[1] - from[1]) * part];
    }
  }
}

function covers(box: Box, shapes: readonly (readonly Pixel[])[], points: readonly Pixel[]): number {
  let number = 0;
  for (const point of points) if (isIn(box, point)) number++;
  if (number > 0) return number;
  // No border beneath it: the card may still lie wholly within a shape.
  const middle: Pixel = [box.x + box.width / 2, box.y + box.height / 2];
  return shapes.some((ring) => isInside(ring, middle)) ? 1 : 0;
}

function far(box: Box, around: Box): number {
  const dx = Math.max(around.x - (box.x + box.width), box.x - (around.x + around.width), 0);
  const dy = Math.max(around.y - (box.y + box.height), box.y - (around.y + around.height), 0);
  const off = Math.hypot(
    box.x + box.width / 2 - (around.x + around.width / 2),
    box.y + box.height / 2 - (around.y + around.height / 2),
  );
  return Math.hypot(dx, dy) + off / 10;
}

const wider = ({ x, y, width, height }: Box, by: number): Box => ({
  x: x - by,
  y: y - by,
  width: width + 2 * by,
  height: height + 2 * by,
});

const isIn = (box: Box, [x, y]: Pixel) =>
  x >= box.x && x <= box.x + box.width && y >= box.y && y <= box.y + box.height;

const overlap = (a: Box, b: Box) =>
  a.x < b.x + b.width && b.x < a.x + a.width && a.y < b.y + b.height && b.y < a.y + a.height;

function boxOf(points: readonly Pixel[]): Box {
  const xs = points.map(([x]) => x);
  const ys = points.map(([, y]) => y);
  const [x, y] = [Math.min(...xs), Math.min(...ys)];
  return { x, y, width: Math.max(...xs) - x, height: Math.max(...ys) - y };
}

function isInside(ring: readonly Pixel[], [x, y]: Pixel): boolean {
  let inside = false;
  for (let index = 0; index < ring.length; index++) {
    const [ax, ay] = ring[index]!;
    const [bx, by] = ring[(index + ring.length - 1) % ring.length]!;
    if (ay > y !== by > y && x < ((bx - ax) * (y - ay)) / (by - ay) + ax) inside = !inside;
  }
  return inside;
}
