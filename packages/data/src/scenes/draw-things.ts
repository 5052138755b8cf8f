import { COLOURS, type PlacedThing, REACH, SHAPES } from "./scene.ts";

/** Draws things on a plain ground with edges one pixel soft: [size, size, 3], 0 … 255. */
export function drawThings(
  things: readonly PlacedThing[],
  ground: readonly number[],
  size: number,
): Uint8ClampedArray {
  const colours = Float64Array.from({ length: size * size * 3 }, (_, i) => ground[i % 3]!);
  for (const thing of things) {
    const [rows, columns] = [span(thing.y, thing.radius, size), span(thing.x, thing.radius, size)];
    for (let y = rows.from; y < rows.to; y++)
      for (let x = columns.from; x < columns.to; x++) {
        const covered = coverOf(thing, x, y, size);
        COLOURS[thing.colour].forEach((value, c) => {
          const i = 3 * (y * size + x) + c;
          colours[i]! += (value - colours[i]!) * covered;
        });
      }
  }
  return Uint8ClampedArray.from(colours);
}

/** The pixels along an axis that a thing may touch. */
function span(centre: number, radius: number, size: number): { readonly from: number; readonly to: number } {
  const reach = REACH * radius * size + 1;
  return {
    from: Math.max(0, Math.floor(centre * size - reach)),
    to: Math.min(size, Math.ceil(centre * size + reach)),
  };
}

/** How much of pixel (x, y) a thing covers, 0 to 1. */
export function coverOf(
  { shape, x: x0, y: y0, radius }: Pick<PlacedThing, "shape" | "x" | "y" | "radius">,
  x: number,
  y: number,
  size: number,
): number {
  const pixels = radius * size;
  const edge =
    pixels * SHAPES[shape].distance((x + 0.5 - x0 * size) / pixels, (y + 0.5 - y0 * size) / pixels);
  return Math.max(0, Math.min(1, 0.5 - edge));
}
