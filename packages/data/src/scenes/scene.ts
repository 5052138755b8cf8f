import { SHAPE_CLASSES, type ShapeClass } from "../embedded/shape-classes.ts";

/** A colour by the name that captions give it. */
export type Colour = "red" | "blue" | "green" | "orange" | "purple" | "cyan";

/** A shape by the name that captions give it. */
export type Shape = "circle" | "square" | "triangle" | "star" | "ring" | "cross";

const [disc, square, triangle, star, ring, cross] = SHAPE_CLASSES as readonly [
  ShapeClass,
  ShapeClass,
  ShapeClass,
  ShapeClass,
  ShapeClass,
  ShapeClass,
];

/** Red, green, blue in 0 … 255. */
export const COLOURS: Readonly<Record<Colour, ShapeClass["colour"]>> = {
  red: disc.colour,
  blue: square.colour,
  green: triangle.colour,
  orange: star.colour,
  purple: ring.colour,
  cyan: cross.colour,
};

/** The outlines of the shapes. */
export const SHAPES: Readonly<Record<Shape, ShapeClass>> = {
  circle: disc,
  square,
  triangle,
  star,
  ring,
  cross,
};

/** The farthest that a shape of radius 1 reaches from its centre. */
export const REACH = 1.1;

/** Radius of a thing as a share of the image's side: from, to. */
export const SIZES = { small: [0.105, 0.125], large: [0.17, 0.2] } as const;

export type Size = keyof typeof SIZES;

/** Where the first thing of two is, seen from the second. */
export const PLACES = ["above", "below", "to the left of", "to the right of"] as const;

export type Place = (typeof PLACES)[number];

/** What a caption says of a thing. */
export interface Thing {
  readonly size: Size;
  readonly colour: Colour;
  readonly shape: Shape;
}

/** One to three things alike. */
export interface AlikeScene {
  readonly number: 1 | 2 | 3;
  readonly things: readonly [Thing];
}

/** Two things, and where the first one is. */
export interface PairScene {
  readonly number: 2;
  readonly things: readonly [Thing, Thing];
  readonly place: Place;
}

/** What a caption says of an image. */
export type Scene = AlikeScene | PairScene;

export function isPair(scene: Scene): scene is PairScene {
  return "place" in scene;
}

/** A thing at its place: centre and radius as shares of the image's side, y down. */
export interface PlacedThing extends Thing {
  readonly x: number;
  readonly y: number;
  readonly radius: number;
}
