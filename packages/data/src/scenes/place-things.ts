import type { Random } from "@ddpm/core";
import { isPair, type PlacedThing, REACH, type Scene, SIZES, type Thing } from "./scene.ts";

/** Between things, and between a thing and the edge, as a share of the side. */
const GAP = 0.05;
/** Attempts before all places are drawn again. */
const ATTEMPTS = 100;

/** Draws centres and radii for the things of a scene: wholly inside, not touching, in the place of the caption. */
export function placeThings(scene: Scene, from: Random): readonly PlacedThing[] {
  const things = isPair(scene) ? scene.things : Array<Thing>(scene.number).fill(scene.things[0]);
  for (;;) {
    const placed: PlacedThing[] = [];
    for (let attempt = 0; attempt < ATTEMPTS && placed.length < things.length; attempt++) {
      const candidate = somewhere(things[placed.length]!, from);
      if (placed.every((other) => clear(candidate, other))) placed.push(candidate);
    }
    if (placed.length === things.length && (!isPair(scene) || inPlace(placed, scene.place))) return placed;
  }
}

function somewhere(thing: Thing, { uniform }: Random): PlacedThing {
  const [least, most] = SIZES[thing.size];
  const radius = least + (most - least) * uniform();
  const margin = REACH * radius + GAP / 2;
  const [x, y] = [margin + (1 - 2 * margin) * uniform(), margin + (1 - 2 * margin) * uniform()];
  return { ...thing, x, y, radius };
}

function clear(a: PlacedThing, b: PlacedThing): boolean {
  const between = (a.x - b.x) ** 2 + (a.y - b.y) ** 2;
  return between > (REACH * (a.radius + b.radius) + GAP) ** 2;
}

/** Whether the first of two is in its place, clearly: by more along that axis than twice across it. */
function inPlace([first, second]: readonly PlacedThing[], place: string): boolean {
  const [dx, dy] = [first!.x - second!.x, first!.y - second!.y];
  const upright = place === "above" || place === "below";
  const [along, across] = upright ? [dy, dx] : [dx, dy];
  const before = place === "above" || place === "to the left of";
  return Math.abs(along) > 2 * Math.abs(across) && along < 0 === before;
}
