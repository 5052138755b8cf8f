import { embeddedSets } from "@ddpm/data";

const COUNT = 1500;

/** Points of an embedded set, x and y in turn. */
export function presetPoints(name: string): Float32Array {
  const set = embeddedSets.create({ name, count: COUNT });
  const points = new Float32Array(2 * COUNT);
  for (let k = 0; k < COUNT; k++) {
    const image = set.image(k);
    if (!(image instanceof Promise) && image.values) points.set(image.values, 2 * k);
  }
  return points;
}
