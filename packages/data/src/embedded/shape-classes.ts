import { type Extent, type Polygon, polygonDistance, polygonExtent } from "./polygon.ts";

/** A shape of radius 1 around the origin, y down, and the colour it wears, as red, green, blue in 0 … 255. */
export interface ShapeClass extends Extent {
  readonly name: string;
  readonly colour: readonly [number, number, number];
  /** Signed distance to the outline; negative inside. */
  distance(x: number, y: number): number;
}

const polygon = (corners: Polygon) => ({
  ...polygonExtent(corners),
  distance: (x: number, y: number) => polygonDistance(corners, x, y),
});

const square: Polygon = [
  [-0.8, -0.8],
  [0.8, -0.8],
  [0.8, 0.8],
  [-0.8, 0.8],
];

const triangle: Polygon = [
  [0, -1],
  [0.9526279, 0.65],
  [-0.9526279, 0.65],
];

/** A pentagram's corners on circles of radius 1.08 and 0.45. */
const star: Polygon = [
  [0, -1.08],
  [0.2645034, -0.3640576],
  [1.027141, -0.3337384],
  [0.4279754, 0.1390576],
  [0.6348081, 0.8737384],
  [0, 0.45],
  [-0.6348081, 0.8737384],
  [-0.4279754, 0.1390576],
  [-1.027141, -0.3337384],
  [-0.2645034, -0.3640576],
];

const cross: Polygon = [
  [-0.34, -1],
  [0.34, -1],
  [0.34, -0.34],
  [1, -0.34],
  [1, 0.34],
  [0.34, 0.34],
  [0.34, 1],
  [-0.34, 1],
  [-0.34, 0.34],
  [-1, 0.34],
  [-1, -0.34],
  [-0.34, -0.34],
];

const disc = { inner: 0, outer: 0.95 };
const ring = { inner: 0.49, outer: 0.99 };

/** Area and centre of the ring between two circles around the origin. */
function between({ inner, outer }: { readonly inner: number; readonly outer: number }): Extent {
  return { area: Math.PI * (outer ** 2 - inner ** 2), centre: [0, 0] };
}

/** The six classes in the order of their labels. */
export const SHAPE_CLASSES: readonly ShapeClass[] = [
  {
    name: "disc",
    colour: [226, 38, 45],
    ...between(disc),
    distance: (x, y) => Math.sqrt(x * x + y * y) - disc.outer,
  },
  { name: "square", colour: [30, 95, 225], ...polygon(square) },
  { name: "triangle", colour: [20, 158, 62], ...polygon(triangle) },
  { name: "star", colour: [245, 160, 0], ...polygon(star) },
  {
    name: "ring",
    colour: [160, 40, 200],
    ...between(ring),
    distance: (x, y) => Math.abs(Math.sqrt(x * x + y * y) - 0.74) - 0.25,
  },
  { name: "cross", colour: [0, 175, 190], ...polygon(cross) },
];
