import { type Blob, blobsOf, pixelsIn } from "./blobs.ts";
import { coverOf } from "./draw-things.ts";
import { COLOURS, type Colour, type PlacedThing, SHAPES, type Shape, SIZES } from "./scene.ts";

/**
 * What an image of {@link drawThings} shows, from the left: each thing's colour is the nearest of those that captions
 * name, its shape the one whose drawing of the same area and centre differs least, its size the nearest by radius.
 *
 * @param pixels [size, size, 3], 0 … 255
 */
export function readThings(pixels: Uint8Array | Uint8ClampedArray, size: number): readonly PlacedThing[] {
  return blobsOf(pixels, size)
    .map((blob) => thingOf(blob, size))
    .sort((a, b) => a.x - b.x);
}

function thingOf({ box, cover, colour }: Blob, size: number): PlacedThing {
  const own = pixelsIn(box, size);
  let [area, sumX, sumY] = [0, 0, 0];
  own.forEach((i, k) => {
    const value = cover[k]!;
    area += value;
    sumX += value * ((i % size) + 0.5);
    sumY += value * (Math.floor(i / size) + 0.5);
  });
  const fits = (Object.keys(SHAPES) as Shape[]).map((shape) => {
    const unit = SHAPES[shape];
    const radius = Math.sqrt(area / unit.area) / size;
    const [x, y] = [
      sumX / area / size - unit.centre[0] * radius,
      sumY / area / size - unit.centre[1] * radius,
    ];
    let difference = 0;
    own.forEach((i, k) => {
      difference += (cover[k]! - coverOf({ shape, x, y, radius }, i % size, Math.floor(i / size), size)) ** 2;
    });
    return { shape, x, y, radius, difference };
  });
  const { difference: _, ...best } = fits.reduce((a, b) => (b.difference < a.difference ? b : a));
  const between = (SIZES.small[1] + SIZES.large[0]) / 2;
  return { ...best, size: best.radius < between ? "small" : "large", colour: nearestColour(colour) };
}

function nearestColour(seen: readonly number[]): Colour {
  const distance = (name: Colour): number => Math.hypot(...COLOURS[name].map((value, c) => value - seen[c]!));
  return (Object.keys(COLOURS) as Colour[]).reduce((a, b) => (distance(b) < distance(a) ? b : a));
}
