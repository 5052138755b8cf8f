import fc from "fast-check";
import { expect, it } from "vitest";
import { differenceFromCpu, differenceFromFinite, tensor, tf, values } from "./support.ts";

const length = fc.integer({ min: 1, max: 9 });

/** A shape and one that broadcasts to it, with fewer axes or axes of length 1. */
const pair = fc.array(length, { minLength: 1, maxLength: 4 }).chain((shape) =>
  fc.tuple(
    fc.constant(shape),
    fc
      .tuple(
        fc.array(fc.boolean(), { minLength: shape.length, maxLength: shape.length }),
        fc.nat(shape.length),
      )
      .map(([single, dropped]) => shape.map((size, axis) => (single[axis] ? 1 : size)).slice(dropped)),
  ),
);

it("arithmetic equals the cpu backend's however the operands broadcast", async () => {
  await fc.assert(
    fc.asyncProperty(pair, fc.boolean(), async ([wide, narrow], swapped) => {
      const f = () => {
        const a: tf.Tensor = tensor(values(1, ...wide));
        const b = tf.add(tensor(values(2, ...narrow)), 2);
        const [x, y] = swapped ? [b, tf.add(a, 2)] : [a, b];
        return [tf.add(x, y), tf.sub(x, y), tf.mul(x, y), tf.div(x, y)];
      };
      expect(await differenceFromCpu(f)).toBeLessThan(1e-6);
    }),
    { numRuns: 200 },
  );
});

it("both operands may broadcast, along different axes", async () => {
  const f = () => tf.mul(tensor(values(1, 6, 1, 40, 1)), tensor(values(2, 1, 30, 1, 3)));
  expect(await differenceFromCpu(f)).toBeLessThan(1e-6);
});

it("group normalisation has the gradients that finite differences show", async () => {
  const inputs = [values(1, 2, 40, 8, 4), values(2, 8, 1)];
  const f = (x: tf.Tensor, scale: tf.Tensor): tf.Tensor => {
    const { mean, variance } = tf.moments(x, [1, 3], true);
    return tf.mul(tf.div(tf.sub(x, mean), tf.sqrt(tf.add(variance, 0.01))), scale);
  };
  expect(await differenceFromFinite(f, inputs)).toBeLessThan(2e-3);
});
