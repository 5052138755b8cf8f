import { type Dataset, fail, type Plugin, random } from "@ddpm/core";
import * as z from "zod";
import { cached } from "../datasets/cached.ts";
import { plugin } from "../plugin.ts";
import { seedOption } from "./seed-option.ts";
import { SHAPE_CLASSES } from "./shape-classes.ts";

/** Options of {@link shapes}. */
export interface ShapesOptions {
  /** Pixels along each side, 16 to 64; 32. */
  readonly size?: number | undefined;
  /** Number of images, from 6; 6000. */
  readonly count?: number | undefined;
  /** Whole number from 0; 0. */
  readonly seed?: number | undefined;
  /** Plain, slightly varying backgrounds: `light` (default), `dark`, or `both`, half of each. */
  readonly background?: "light" | "dark" | "both" | undefined;
  /** `class` (default): each class has its colour; `any`: every shape may wear any of the six colours. */
  readonly colours?: "class" | "any" | undefined;
}

/** Most images whose labels are listed: 64 MiB of them. */
const LISTED = 2 ** 24;

/**
 * The embedded set: one coloured shape per image, [size, size, 3], in six classes: disc, square, triangle, star,
 * ring, cross. Image k is a function of (seed, k) alone, and its class is k mod 6, so the mix is uniform. Shapes are
 * wholly inside, with a radius of 0.26 to 0.40 of the side, turned by up to ±22°, and have edges one pixel soft.
 * Only exactly rounded arithmetic is used: the bytes are the same on every machine.
 */
export const shapes: Plugin<ShapesOptions, Dataset> = plugin({
  name: "shapes",
  about: "Six coloured shapes on plain backgrounds, drawn from a seed: nothing to download.",
  source: "made here",
  options: {
    size: z.number().int().min(16).max(64).default(32).describe("pixels along each side"),
    count: z.number().int().min(SHAPE_CLASSES.length).max(1e9).default(6000).describe("number of images"),
    seed: seedOption("pictures"),
    background: z.enum(["light", "dark", "both"]).default("light").describe("brightness of the background"),
    colours: z.enum(["class", "any"]).default("class").describe("each class its colour, or any"),
  },
  create({ size, count, seed, background, colours }) {
    const root = random(seed);
    const drawn: Dataset = {
      name: "shapes",
      length: count,
      shape: [size, size, 3],
      classes: SHAPE_CLASSES.map(({ name }) => name),
      ...(count <= LISTED
        ? { labels: Int32Array.from({ length: count }, (_, i) => i % SHAPE_CLASSES.length) }
        : {}),
      flippable: true,
      fingerprint: `shapes-1-${size}-${count}-${seed}-${background}-${colours}`,
      image(index) {
        if (!(Number.isInteger(index) && index >= 0 && index < count)) {
          fail("data/shapes", `image ${index}, expected a whole number from 0 to ${count - 1}.`);
        }
        const label = index % SHAPE_CLASSES.length;
        const { uniform, integer } = root.fork(index);
        const between = (low: number, high: number): number => low + (high - low) * uniform();

        const radius = between(0.26, 0.4) * size;
        const room = size / 2 - 1.1 * radius - 0.5;
        const [x0, y0] = [size / 2 + between(-room, room), size / 2 + between(-room, room)];
        // A rotation by 2 arctan(t), without sines.
        const t = between(-0.194, 0.194);
        const [cos, sin] = [(1 - t * t) / (1 + t * t), (2 * t) / (1 + t * t)];
        const light = background === "both" ? uniform() < 0.5 : background === "light";
        const grey = light ? between(222, 250) : between(8, 36);
        const ground = [0, 1, 2].map(() => grey + between(-5, 5));
        const wearer = colours === "any" ? integer(SHAPE_CLASSES.length) : label;
        const colour = SHAPE_CLASSES[wearer]!.colour.map((value) => value + between(-14, 14));

        const { distance } = SHAPE_CLASSES[label]!;
        const pixels = new Uint8ClampedArray(size * size * 3);
        for (let y = 0, to = 0; y < size; y++)
          for (let x = 0; x < size; x++) {
            const [dx, dy] = [(x + 0.5 - x0) / radius, (y + 0.5 - y0) / radius];
            const edge = radius * distance(cos * dx + sin * dy, cos * dy - sin * dx);
            const cover = Math.max(0, Math.min(1, 0.5 - edge));
            for (let c = 0; c < 3; c++) pixels[to++] = ground[c]! + (colour[c]! - ground[c]!) * cover;
          }
        return { pixels, label };
      },
    };
    return cached(drawn, 2 ** 26);
  },
});
