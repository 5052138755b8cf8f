import { type Dataset, fail, type Plugin, type Random, random } from "@ddpm/core";
import * as z from "zod";
import { cached } from "../datasets/cached.ts";
import { plugin } from "../plugin.ts";
import { captionOf, readCaption } from "../scenes/caption.ts";
import { drawThings } from "../scenes/draw-things.ts";
import { placeThings } from "../scenes/place-things.ts";
import { COLOURS, type Colour, PLACES, type Scene, SHAPES, type Shape, type Thing } from "../scenes/scene.ts";
import { shownAttributes } from "../scenes/shown-attributes.ts";
import { seedOption } from "./seed-option.ts";

/** Options of {@link captionedShapes}. */
export interface CaptionedShapesOptions {
  /** Pixels along each side, 32 to 128; 32. */
  readonly size?: number | undefined;
  /** Number of images, from 1; 60 000. */
  readonly count?: number | undefined;
  /** Whole number from 0; 0. */
  readonly seed?: number | undefined;
  /** Combinations of colour and shape that no image shows: "red star". */
  readonly without?: string[] | undefined;
}

/** Share of the images with one, two or three things alike; the others have two things and a place. */
const ALIKE = 0.5;

/**
 * Coloured shapes on a plain light ground with captions of a small grammar, [size, size, 3]: one to three things alike
 * ("two small red stars"), or two with the place of the first ("a large red circle above a small blue square"). Image k
 * is a function of (seed, k) alone. Never flipped, since left and right are words of the captions.
 */
export const captionedShapes: Plugin<CaptionedShapesOptions, Dataset> = plugin({
  name: "captioned-shapes",
  about: "Coloured shapes, one to three in an image, with captions: nothing to download.",
  source: "made here",
  options: {
    size: z.number().int().min(32).max(128).default(32).describe("pixels along each side"),
    count: z.number().int().min(1).max(1e9).default(60_000).describe("number of images"),
    seed: seedOption("pictures"),
    without: z
      .array(z.string().refine(isColourAndShape, "expected a colour and a shape, such as: red star"))
      .default([])
      .describe("colours and shapes that no image shows together"),
  },
  create({ size, count, seed, without }) {
    const root = random(seed);
    const pairs = pairsBut(new Set(without));
    if (pairs.length === 0)
      fail("data/captioned-shapes", "without leaves no colour and shape.", "Leave some.");
    const drawn: Dataset = {
      name: "captioned-shapes",
      length: count,
      shape: [size, size, 3],
      captioned: true,
      flippable: false,
      fingerprint: `captioned-shapes-1-${size}-${count}-${seed}-${without.join()}`,
      image(index) {
        if (!(Number.isInteger(index) && index >= 0 && index < count)) {
          fail("data/captioned-shapes", `image ${index}, expected a whole number from 0 to ${count - 1}.`);
        }
        const from = root.fork(index);
        const scene = drawScene(pairs, from);
        return { pixels: drawScenePixels(scene, from, size), caption: captionOf(scene) };
      },
      shownAttributes: (caption, pixels) => shownAttributes(caption, pixels, size),
    };
    return cached(drawn, 2 ** 26);
  },
});

/**
 * An image of what a caption describes, [size, size, 3], 0 … 255.
 *
 * @throws DdpmError for a text that is no caption of {@link captionedShapes}
 */
export function drawCaption(caption: string, from: Random, size: number): Uint8ClampedArray {
  return drawScenePixels(readCaption(caption), from, size);
}

type Pair = readonly [colour: Colour, shape: Shape];

function drawScenePixels(scene: Scene, from: Random, size: number): Uint8ClampedArray {
  const ground = 222 + 28 * from.uniform();
  return drawThings(placeThings(scene, from), [ground, ground, ground], size);
}

function drawScene(pairs: readonly Pair[], from: Random): Scene {
  const thing = (): Thing => {
    const [colour, shape] = pairs[from.integer(pairs.length)]!;
    return { size: from.integer(2) === 0 ? "small" : "large", colour, shape };
  };
  if (from.uniform() < ALIKE) return { number: (1 + from.integer(3)) as 1 | 2 | 3, things: [thing()] };
  return { number: 2, things: [thing(), thing()], place: PLACES[from.integer(PLACES.length)]! };
}

function isColourAndShape(text: string): boolean {
  return allPairs().some((pair) => pair.join(" ") === text);
}

function pairsBut(without: ReadonlySet<string>): readonly Pair[] {
  return allPairs().filter((pair) => !without.has(pair.join(" ")));
}

function allPairs(): readonly Pair[] {
  const shapes = Object.keys(SHAPES) as Shape[];
  return (Object.keys(COLOURS) as Colour[]).flatMap((colour) => shapes.map((shape): Pair => [colour, shape]));
}
