import type { Dataset, Params } from "@ddpm/core";
import * as tf from "@tensorflow/tfjs-core";
import { batchesOf } from "../../images/batches.ts";
import { quantise } from "../../images/quantise.ts";
import { classify } from "./network.ts";

/** Names, among the weights, of what features are standardised by, [features] each. */
const MEAN = "features.mean";
const DEVIATION = "features.deviation";
/** Below this share of the largest deviation a feature counts as constant and is only centred. */
const CONSTANT = 1e-6;

/** Mean and deviation of every feature over some images, as weights to be kept with the others. */
export async function standard(params: Params, dataset: Dataset, indices: Uint32Array): Promise<Params> {
  const d = params["features.bias"]!.size;
  const [sum, square] = [new Float64Array(d), new Float64Array(d)];
  let first: Float32Array | undefined;
  for await (const { data, shape } of batchesOf(dataset, { indices, batch: 256 })) {
    const result = tf.tidy(() => classify(params, tf.tensor4d(quantise(data), [...shape])).features);
    const rows = await result.data<"float32">();
    result.dispose();
    first ??= rows.slice(0, d);
    for (let at = 0; at < rows.length; at++) {
      const away = rows[at]! - first[at % d]!;
      sum[at % d] = sum[at % d]! + away;
      square[at % d] = square[at % d]! + away * away;
    }
  }
  const n = indices.length;
  const mean = sum.map((value, k) => value / n + first![k]!);
  const deviation = square.map((value, k) => Math.sqrt(Math.max(0, value / n - (sum[k]! / n) ** 2)));
  const least = CONSTANT * deviation.reduce((most, value) => Math.max(most, value), 0);
  const divisor = deviation.map((value) => (value > least ? value : 1));
  return { [MEAN]: tf.tensor1d([...mean]), [DEVIATION]: tf.tensor1d([...divisor]) };
}

/** What {@link standard} put among the weights. */
export function standardOf(params: Params): { readonly mean: tf.Tensor; readonly deviation: tf.Tensor } {
  return { mean: params[MEAN]!, deviation: params[DEVIATION]! };
}
