import * as tf from "@tensorflow/tfjs";
import { float32, integers, type SafeTensor } from "../../../packages/weights/src/index.ts";
import { unsupported } from "../result.ts";
import type { Stored } from "../sampling/file.ts";
import { samplesOf } from "../unet-inputs.ts";

/** The stored tensors of a file of pipelines. */
export type Tensors = Readonly<Record<string, SafeTensor>>;

/** What all cases of a file share. */
export interface Inputs {
  /** Rows of ids, [B, L] int32. */
  readonly promptIds: tf.Tensor2D;
  readonly negativeIds: tf.Tensor2D;
  /** [−1, 1], [B, H, W, 3] */
  readonly image: tf.Tensor4D;
  /** 1 where it is painted, [B, H, W, 1]. */
  readonly mask: tf.Tensor4D;
  /** [N, B, C, h, w] as stored. */
  readonly noises: Stored;
  /** Noise number `draw`, [B, h, w, C]. */
  noise(draw: number): tf.Tensor4D;
}

export function inputsIn(tensors: Tensors): Inputs {
  const given = (name: string): SafeTensor =>
    tensors[`golden.input.${name}`] ?? unsupported(`the file stores no golden.input.${name}`);
  const ids = (name: string): tf.Tensor2D => {
    const tensor = given(name);
    return tf.tensor2d([...integers(tensor)], tensor.shape as [number, number], "int32");
  };
  const noises = given("noises");
  const [, ...each] = noises.shape;
  const size = each.reduce((a, b) => a * b, 1);
  const data = float32(noises);
  return {
    promptIds: ids("prompt_ids"),
    negativeIds: ids("negative_ids"),
    image: tf.tidy(() => tf.sub(tf.mul(2, samplesOf(given("image"))), 1) as tf.Tensor4D),
    mask: tf.tidy(() => tf.cast(tf.greaterEqual(samplesOf(given("mask")), 0.5), "float32") as tf.Tensor4D),
    noises: { shape: noises.shape, data: data as unknown as readonly number[] },
    noise(draw) {
      const values = data.slice(draw * size, (draw + 1) * size);
      return samplesOf({ dtype: "F32", shape: each, data: values }) as tf.Tensor4D;
    },
  };
}

/** A mask on the grid of the latents: the top left pixel of each. */
export function thinned(mask: tf.Tensor4D, factor: number): tf.Tensor4D {
  return tf.stridedSlice(mask, [0, 0, 0, 0], mask.shape, [1, factor, factor, 1]) as tf.Tensor4D;
}
