import { fail, type Params } from "@ddpm/core";
import { float32, type SafeTensor } from "@ddpm/weights";
import { conv2d, linear } from "@ddpm/weights/authoring";
import * as tf from "@tensorflow/tfjs-core";
import { type Block, type Branch, type Conv, middle, stem, top } from "./spec.ts";

/** ε of every batch norm of the network. */
const BATCH_NORM_EPSILON = 0.001;

/** Every convolution by its name in the state dict. */
export function convolutions(): readonly { readonly path: string; readonly conv: Conv }[] {
  const ofBranch = ({ convs, fork }: Branch): readonly Conv[] => [...convs, ...(fork ?? [])];
  const ofBlock = ({ name, branches }: Block) =>
    branches.flatMap(ofBranch).map((conv) => ({ path: `${name}.${conv.name}`, conv }));
  return [...stem.map((conv) => ({ path: conv.name, conv })), ...[...middle, ...top].flatMap(ofBlock)];
}

/**
 * Tensors of the network from pytorch-fid's state dict: every batch norm is folded into the convolution before it, in
 * float64, as `<path>.kernel` [kh, kw, in, out] and `<path>.bias` [out]; the classes are `fc.kernel` and `fc.bias`.
 *
 * @throws DdpmError naming a tensor that is missing or has another shape
 */
export function inceptionParams(tensors: Readonly<Record<string, SafeTensor>>): Params {
  const numbers = (name: string): { readonly shape: readonly number[]; readonly data: Float32Array } => {
    const tensor = tensors[name];
    if (!tensor) {
      const hint = "Convert the published file with scripts/convert-inception.py of this package.";
      fail("metrics/inception-v3", `the weights have no tensor "${name}".`, hint);
    }
    return { shape: tensor.shape, data: float32(tensor, name) };
  };
  const params: Record<string, tf.Tensor> = {};
  for (const { path, conv } of convolutions()) {
    const weight = numbers(`${path}.conv.weight`);
    const [gamma, beta, mean, variance] = ["weight", "bias", "running_mean", "running_var"].map(
      (part) => numbers(`${path}.bn.${part}`).data,
    );
    const [out, , height, width] = weight.shape;
    if (height !== conv.kernel[0] || width !== conv.kernel[1] || gamma!.length !== out) {
      fail("metrics/inception-v3", `"${path}" has shape [${weight.shape.join(", ")}], not the network's.`);
    }
    const scale = Float64Array.from(gamma!, (g, c) => g / Math.sqrt(variance![c]! + BATCH_NORM_EPSILON));
    const perOut = weight.data.length / out!;
    const folded = weight.data.map((value, at) => value * scale[Math.floor(at / perOut)]!);
    const kernel = conv2d.toTfjs({ shape: weight.shape, data: folded });
    params[`${path}.kernel`] = tf.tensor(kernel.data, [...kernel.shape]);
    params[`${path}.bias`] = tf.tensor1d(Float32Array.from(scale, (s, c) => beta![c]! - mean![c]! * s));
  }
  const kernel = linear.toTfjs(numbers("fc.weight"));
  params["fc.kernel"] = tf.tensor(kernel.data, [...kernel.shape]);
  params["fc.bias"] = tf.tensor1d(numbers("fc.bias").data);
  return params;
}
