import { sizeOf } from "@ddpm/core/authoring";
import { adam } from "@ddpm/trainer";
import type { Optimizer } from "@ddpm/trainer/authoring";
import * as tf from "@tensorflow/tfjs-core";
import { type ModelSize, type Params, unet, type Weight } from "./model.ts";

const optimizer: Optimizer = adam();

/** Deterministic pseudo-random numbers in [-1, 1), the same as in peers/torch_unet.py. */
export function numbers(count: number, seed: number): Float32Array {
  const values = new Float32Array(count);
  let state = (seed * 2654435761) >>> 0 || 1;
  for (let i = 0; i < count; i++) {
    state ^= state << 13;
    state ^= state >>> 17;
    state ^= state << 5;
    state >>>= 0;
    values[i] = state / 2147483648 - 1;
  }
  return values;
}

/** Creates the weights by running the model once on one picture. */
export function initialParams(size: ModelSize): Params {
  const params: Record<string, tf.Tensor> = {};
  let seed = 1;
  const create: Weight = (name, ...shape) => {
    if (!params[name]) {
      const count = shape.reduce((a, b) => a * b);
      const fan = sizeOf(shape.slice(0, -1));
      const values = numbers(count, seed++);
      const isGain = name.endsWith(".g");
      const bound = shape.length === 1 ? 0 : 1 / Math.sqrt(fan);
      params[name] = tf.keep(
        tf.tensor(
          values.map((v) => (isGain ? 1 : v * bound)),
          shape,
        ),
      );
    }
    return params[name] as never;
  };
  tf.tidy(() => {
    unet(create, size, tf.zeros([1, size.pixels, size.pixels, 3]), tf.zeros([1]));
  });
  return params;
}

const weightOf =
  (params: Params): Weight =>
  (name) =>
    params[name] as never;

/** The predicted noise. */
export function predict(params: Params, size: ModelSize, x: tf.Tensor4D, time: tf.Tensor1D): tf.Tensor4D {
  return unet(weightOf(params), size, x, time);
}

/** Inputs and outputs of the training step: everything that changes is a tensor of its own. */
export type StepTensors = Record<string, tf.Tensor>;

/**
 * One training step as a pure function: in `params/…`, `mean/…`, `square/…`, `x`, `noise` and `time`, and the scalars
 * `rate` and `floor` of Adam; out the new `params/…`, `mean/…`, `square/…` and `loss`.
 */
export function trainingStep(
  size: ModelSize,
  names: readonly string[],
): (inputs: StepTensors) => StepTensors {
  const recordOf = (values: readonly tf.Tensor[]): Params =>
    Object.fromEntries(names.map((name, i) => [name, values[i]!]));
  return (inputs) => {
    const weights = names.map((name) => inputs[`params/${name}`]!);
    const loss = (...given: tf.Tensor[]): tf.Scalar => {
      const predicted = predict(recordOf(given), size, inputs.x as tf.Tensor4D, inputs.time as tf.Tensor1D);
      return tf.mean(tf.squaredDifference(predicted, inputs.noise!)) as tf.Scalar;
    };
    const { value, grads } = tf.valueAndGrads(loss)(weights);
    const { params, state } = optimizer.update({
      params: recordOf(weights),
      gradients: recordOf(grads),
      state: Object.fromEntries(
        ["mean", "square"].flatMap((what) =>
          names.map((name) => [`${what}/${name}`, inputs[`${what}/${name}`]!] as const),
        ),
      ),
      scalars: { rate: inputs.rate as tf.Scalar, floor: inputs.floor as tf.Scalar },
    });
    const next = Object.entries(params).map(([name, weight]) => [`params/${name}`, weight] as const);
    return { loss: value, ...Object.fromEntries(next), ...state };
  };
}

/** Adam's two numbers of step n, with the bias corrections in them (Kingma and Ba 2015, section 2). */
export function adamScalars(n: number, rate: number): { rate: number; floor: number } {
  return optimizer.scalars(n, rate) as { rate: number; floor: number };
}
