/** Corners in order; the last joins the first. */
export type Polygon = readonly (readonly [x: number, y: number])[];

/**
 * Signed distance from a point to a polygon's edge, negative inside. Only +, −, ×, ÷ and √, which every machine
 * rounds alike.
 */
export function polygonDistance(polygon: Polygon, x: number, y: number): number {
  let nearest = Number.POSITIVE_INFINITY;
  let inside = false;
  let [ax, ay] = polygon[polygon.length - 1]!;
  for (const [bx, by] of polygon) {
    const [ex, ey, px, py] = [bx - ax, by - ay, x - ax, y - ay];
    const along = Math.max(0, Math.min(1, (px * ex + py * ey) / (ex * ex + ey * ey)));
    const [dx, dy] = [px - along * ex, py - along * ey];
    nearest = Math.min(nearest, dx * dx + dy * dy);
    if (ay > y !== by > y && px < (ex * py) / ey) inside = !inside;
    [ax, ay] = [bx, by];
  }
  return inside ? -Math.sqrt(nearest) : Math.sqrt(nearest);
}

/** Area and centre of mass of a shape. */
export interface Extent {
  readonly area: number;
  readonly centre: readonly [x: number, y: number];
}

/** Area and centre of a polygon, by the shoelace formula. */
export function polygonExtent(polygon: Polygon): Extent {
  let [twice, x, y] = [0, 0, 0];
  let [ax, ay] = polygon[polygon.length - 1]!;
  for (const [bx, by] of polygon) {
    const cross = ax * by - bx * ay;
    twice += cross;
    x += cross * (ax + bx);
    y += cross * (ay + by);
    [ax, ay] = [bx, by];
  }
  return { area: Math.abs(twice) / 2, centre: [x / (3 * twice), y / (3 * twice)] };
}
