import { type Dataset, random } from "@ddpm/core";
import { valueOfPixel } from "@ddpm/core/authoring";
import { shapes } from "@ddpm/data";
import type { Picture } from "./picture.ts";

const SIZE = 64;

/** Pictures that need no file, drawn when they are asked for, so many pixels high and wide; 64 when left out. */
export const builtInPictures: Readonly<Record<string, (size?: number) => Picture>> = {
  star: (size) => shape("star", 3, size),
  ring: (size) => shape("ring", 4, size),
  sunset: (size) => painted("sunset", sunset, size),
  checks: (size) => painted("checks", checks, size),
};

/** @param size 16 to 64 */
function shape(name: string, index: number, size: number = SIZE): Picture {
  const set: Dataset = shapes({ size });
  const image = set.image(index);
  if (image instanceof Promise) throw new Error("The embedded shapes are drawn at once.");
  return {
    name,
    width: size,
    height: size,
    data: Float32Array.from(image.pixels, valueOfPixel),
  };
}

type Colour = readonly [red: number, green: number, blue: number];

function painted(name: string, colour: (x: number, y: number) => Colour, size: number = SIZE): Picture {
  const data = new Float32Array(3 * size * size);
  for (let i = 0; i < size * size; i++) {
    data.set(colour(((i % size) + 0.5) / size, (Math.floor(i / size) + 0.5) / size), 3 * i);
  }
  return { name, width: size, height: size, data };
}

function checks(x: number, y: number): Colour {
  return (Math.floor(x * 8) + Math.floor(y * 8)) % 2 ? [0.9, 0.9, 0.9] : [-0.8, -0.6, 0];
}

const stream = random(7);
const hills = Array.from({ length: 4 }, () => ({
  phase: 6 * stream.uniform(),
  size: 0.02 + 0.05 * stream.uniform(),
}));

/** A sun over hills and water. */
function sunset(x: number, y: number): Colour {
  const hill =
    0.62 + hills.reduce((sum, { phase, size }, k) => sum + size * Math.sin(phase + (3 + 4 * k) * x), 0);
  const sun = Math.hypot(x - 0.62, y - 0.38);
  if (y < hill)
    return sun < 0.13 ? [1, 0.85, 0.2] : [0.95 - 0.5 * y, -0.2 + 0.9 * y, -0.3 + 0.2 * y + 0.2 * (1 - sun)];
  const glint = Math.abs(x - 0.62) < 0.1 && Math.sin(90 * y) > 0.3 ? 0.7 : 0;
  return [-0.75 + glint, -0.55 + 0.7 * glint + 0.2 * (y - hill), -0.2 + 0.3 * (y - hill)];
}
