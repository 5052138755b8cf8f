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
