import type { CaptionAttribute } from "@ddpm/core/authoring";
import { readCaption } from "./caption.ts";
import { readThings } from "./read-things.ts";
import { isPair, type PairScene, type PlacedThing, type Thing } from "./scene.ts";

/** One property of a caption of `captionedShapes`, and whether an image shows it. */
export interface Attribute extends CaptionAttribute {
  readonly kind: "number" | "colour" | "shape" | "size" | "place";
}

/**
 * Which attributes of a caption an image shows: the number of things, colour, shape and size of each thing that the
 * caption names, and the place. In an image of several things, the two that agree most with the caption count.
 *
 * @param pixels [size, size, 3], 0 … 255
 * @throws DdpmError for a text that is no caption of `captionedShapes`
 */
export function shownAttributes(
  caption: string,
  pixels: Uint8Array | Uint8ClampedArray,
  size: number,
): readonly Attribute[] {
  const scene = readCaption(caption);
  const seen = readThings(pixels, size);
  const number: Attribute = {
    kind: "number",
    expected: String(scene.number),
    shown: seen.length === scene.number,
  };
  if (!isPair(scene)) return [number, ...alike(scene.things[0], seen)];
  const orders = pairsOf(seen).map((pair) => paired(scene, pair));
  const best = orders.reduce((a, b) => (count(b) > count(a) ? b : a));
  return [number, ...best];
}

/** An attribute of things alike is shown where every thing has it. */
function alike(thing: Thing, seen: readonly PlacedThing[]): Attribute[] {
  return (["colour", "shape", "size"] as const).map((kind) => ({
    kind,
    expected: thing[kind],
    shown: seen.length > 0 && seen.every((one) => one[kind] === thing[kind]),
  }));
}

type Pair = readonly [PlacedThing | undefined, PlacedThing | undefined];

/** Every way to take two of the things in an order; with fewer than two, those with a gap. */
function pairsOf(seen: readonly PlacedThing[]): readonly Pair[] {
  if (seen.length < 2)
    return [
      [seen[0], undefined],
      [undefined, seen[0]],
    ];
  return seen.flatMap((first, i) => seen.flatMap((second, k): Pair[] => (i === k ? [] : [[first, second]])));
}

function paired({ things, place }: PairScene, pair: Pair): Attribute[] {
  const own = things.flatMap((thing, i) =>
    (["colour", "shape", "size"] as const).map(
      (kind): Attribute => ({
        kind,
        expected: thing[kind],
        shown: pair[i]?.[kind] === thing[kind],
      }),
    ),
  );
  const [first, second] = pair;
  return [...own, { kind: "place", expected: place, shown: placeOf(first, second) === place }];
}

/** Where the first is, seen from the second, along the axis on which they differ more. */
function placeOf(first: PlacedThing | undefined, second: PlacedThing | undefined): string | undefined {
  if (!first || !second) return undefined;
  const [dx, dy] = [first.x - second.x, first.y - second.y];
  if (Math.abs(dy) > Math.abs(dx)) return dy < 0 ? "above" : "below";
  return dx < 0 ? "to the left of" : "to the right of";
}

function count(attributes: readonly Attribute[]): number {
  return attributes.filter(({ shown }) => shown).length;
}
