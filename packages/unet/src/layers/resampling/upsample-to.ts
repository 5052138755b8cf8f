import { fail } from "@ddpm/core";
import * as tf from "@tensorflow/tfjs-core";
import { upsampleNearest } from "./upsample-nearest.ts";

/**
 * Images about twice as high and wide, by nearest neighbour: 2H − 1 … 2H + 1 pixels, as sizes are that were halved with rounding.
 *
 * @param size [height, width] of the result
 * @throws DdpmError for any other size
 */
export function upsampleTo(x: tf.Tensor4D, size: readonly [height: number, width: number]): tf.Tensor4D {
  return [1, 2].reduce((y, axis) => fitted(y, axis, size[axis - 1]!), upsampleNearest(x));
}

function fitted(x: tf.Tensor4D, axis: number, wanted: number): tf.Tensor4D {
  const count = x.shape[axis]!;
  const begin = [0, 0, 0, 0] as [number, number, number, number];
  const part = (length: number): tf.Tensor4D =>
    tf.slice(x, begin, x.shape.map((all, i) => (i === axis ? length : all)) as typeof begin);
  if (wanted === count) return x;
  if (wanted === count - 1) return part(wanted);
  if (wanted === count + 1) return tf.concat([part(1), x], axis);
  return fail("unet/upsample-to", `${count} pixels cannot become ${wanted}.`);
}
