import type { Params } from "@ddpm/core";
import * as tf from "@tensorflow/tfjs-core";
import { type Block, type Branch, type Conv, middle, stem, top } from "./spec.ts";

/** Which features: by their width in the full network, or the classes before the softmax. */
export type InceptionOutput = "64" | "192" | "768" | "2048" | "logits";

/**
 * The Inception network of the FID paper up to one of its outputs, averaged over the picture.
 *
 * Source: Szegedy et al. 2015; the 2015-12-05 weights and pytorch-fid's `FIDInceptionA`, `C`, `E_1`, `E_2`: average pooling
 * that leaves out the padding, and maximum pooling in the last block.
 *
 * @param params as `inceptionParams` makes them
 * @param x      [B, 299, 299, 3] in [−1, 1]; the caller disposes the result
 * @returns [B, width]
 */
export function inception(params: Params, x: tf.Tensor4D, output: InceptionOutput): tf.Tensor2D {
  return tf.tidy(() => {
    const pooled = (y: tf.Tensor4D): tf.Tensor2D => tf.mean(y, [1, 2]) as tf.Tensor2D;
    let y = x;
    for (const conv of stem.slice(0, 3)) y = apply(params, conv.name, conv, y);
    y = tf.maxPool(y, 3, 2, "valid");
    if (output === "64") return pooled(y);
    for (const conv of stem.slice(3)) y = apply(params, conv.name, conv, y);
    y = tf.maxPool(y, 3, 2, "valid");
    if (output === "192") return pooled(y);
    for (const block of middle) y = applyBlock(params, block, y);
    if (output === "768") return pooled(y);
    for (const block of top) y = applyBlock(params, block, y);
    const features = pooled(y);
    if (output === "2048") return features;
    return tf.add(tf.matMul(features, params["fc.kernel"] as tf.Tensor2D), params["fc.bias"]!);
  });
}

function apply(params: Params, path: string, { stride, same }: Conv, x: tf.Tensor4D): tf.Tensor4D {
  const kernel = params[`${path}.kernel`] as tf.Tensor4D;
  const y = tf.conv2d(x, kernel, stride, same ? "same" : "valid");
  return tf.relu(tf.add(y, params[`${path}.bias`]!)) as tf.Tensor4D;
}

function applyBlock(params: Params, { name, branches }: Block, x: tf.Tensor4D): tf.Tensor4D {
  const outputs = branches.flatMap((branch) => applyBranch(params, name, branch, x));
  return tf.concat(outputs, 3);
}

function applyBranch(params: Params, name: string, branch: Branch, x: tf.Tensor4D): tf.Tensor4D[] {
  const { pool, convs, fork } = branch;
  const run = (y: tf.Tensor4D, conv: Conv): tf.Tensor4D => apply(params, `${name}.${conv.name}`, conv, y);
  const y = convs.reduce(run, pool ? pooling(pool, x) : x);
  return fork ? fork.map((conv) => run(y, conv)) : [y];
}

/** TensorFlow's "same" padding leaves itself out of averages, as `count_include_pad=False` does. */
function pooling({ kind, stride }: NonNullable<Branch["pool"]>, x: tf.Tensor4D): tf.Tensor4D {
  const padding = stride === 1 ? "same" : "valid";
  return kind === "max" ? tf.maxPool(x, 3, stride, padding) : tf.avgPool(x, 3, stride, padding);
}
