import { embeddedSets } from "@ddpm/data";

const COUNT = 1500;

/** Brings the sets to about variance 1, which schedules expect of data. */
const SCALE = 2;

/** Points of an embedded set, x and y in turn. */
export function presetPoints(name: string): Float32Array {
  const set = embeddedSets.create({ name, count: COUNT });
  const points = new Float32Array(2 * COUNT);
  for (let k = 0; k < COUNT; k++) {
    const image = set.image(k);
    if (image instanceof Promise || !image.values) continue;
    points.set(
      image.values.map((value) => SCALE * value),
      2 * k,
    );
  }
  return points;
}
