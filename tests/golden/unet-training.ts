import * as tf from "@tensorflow/tfjs";
import { INFERENCE, type Params } from "../../packages/core/src/index.ts";
import { float32 } from "../../packages/weights/src/index.ts";
import { type UnetCase, weightsOf } from "./unet-case.ts";
import { type Check, difference } from "./unets.ts";

type Moments = Record<string, { readonly m: Float64Array; readonly v: Float64Array }>;

/** Repeats the recorded training: noising, loss, clipping and Adam as the file's `procedure` says. */
export async function runTraining(unet: UnetCase): Promise<Check[]> {
  const { denoiser, file, tensors, translated } = unet;
  const { steps, T, loss, optimizer_options, clip_grad_norm } = file.procedure!;
  const [beta1, beta2] = optimizer_options.betas ?? [0.9, 0.999];
  const abar = alphaBars(T);
  const slice = (name: string, step: number): Float32Array => {
    const whole = float32(tensors[name]!);
    const size = whole.length / steps;
    return whole.slice(step * size, (step + 1) * size);
  };
  const [, batch, channels, height, width] = tensors["golden.train.x0"]!.shape as number[];
  const shape: [number, number, number, number] = [batch!, channels!, height!, width!];
  const images = (data: Float32Array): tf.Tensor4D => tf.transpose(tf.tensor4d(data, shape), [0, 2, 3, 1]);

  let params = await weightsOf(unet);
  const moments: Moments = Object.fromEntries(
    denoiser.specs.map(({ name }) => {
      const size = params[name]!.size;
      return [name, { m: new Float64Array(size), v: new Float64Array(size) }];
    }),
  );
  const checks: Check[] = [];
  for (let step = 0; step < steps; step++) {
    const t = slice("golden.train.t", step);
    const { value, grads } = tf.tidy(() => {
      const eps = images(slice("golden.train.noise", step));
      const alpha = tf.tensor4d(
        Array.from(t, (i) => Math.sqrt(abar[i]!)),
        [batch!, 1, 1, 1],
      );
      const sigma = tf.tensor4d(
        Array.from(t, (i) => Math.sqrt(1 - abar[i]!)),
        [batch!, 1, 1, 1],
      );
      const x: tf.Tensor4D = tf.add(
        tf.mul(alpha, images(slice("golden.train.x0", step))),
        tf.mul(sigma, eps),
      );
      const names = denoiser.specs.map(({ name }) => name);
      const result = tf.valueAndGrads((...given: tf.Tensor[]) => {
        const now: Params = Object.fromEntries(names.map((name, i) => [name, given[i]!]));
        const error = tf.sub(denoiser.apply(now, x, tf.tensor1d(t), {}, INFERENCE), eps);
        return /smooth_l1/.test(loss) ? smoothL1(error) : tf.mean(tf.square(error));
      })(names.map((name) => params[name]!));
      return { value: result.value, grads: result.grads };
    });
    const gradients = await Promise.all(grads.map((grad) => grad.data<"float32">()));
    const norm = Math.hypot(...gradients.map((grad) => Math.hypot(...grad)));
    checks.push(near(`loss ${step}`, (await value.data())[0]!, file.loss_per_step![step]!));
    checks.push(near(`norm ${step}`, norm, file.grad_norm_before_clipping_per_step![step]!));
    tf.dispose([value, grads]);
    const scale = Math.min(1, clip_grad_norm / (norm + 1e-6));
    const next: Record<string, tf.Tensor> = {};
    for (const [i, { name, shape }] of denoiser.specs.entries()) {
      const { m, v } = moments[name]!;
      const weights = Float32Array.from(await params[name]!.data());
      for (let k = 0; k < weights.length; k++) {
        const g = gradients[i]![k]! * scale;
        m[k] = beta1 * m[k]! + (1 - beta1) * g;
        v[k] = beta2 * v[k]! + (1 - beta2) * g * g;
        const mHat = m[k]! / (1 - beta1 ** (step + 1));
        const vHat = v[k]! / (1 - beta2 ** (step + 1));
        weights[k] = weights[k]! - (optimizer_options.lr * mHat) / (Math.sqrt(vHat) + 1e-8);
      }
      next[name] = tf.tensor(weights, [...shape]);
    }
    tf.dispose(params);
    params = next;
  }
  for (const spec of denoiser.specs) {
    const { name, layout } = translated.names(spec);
    const data = await params[spec.name]!.data<"float32">();
    const theirs = layout.toTorch({ shape: spec.shape, data }).data;
    checks.push(difference(`final ${name}`, float32(tensors[`golden.final.${name}`]!), theirs, 5e-6));
  }
  tf.dispose(params);
  return checks;
}

function alphaBars(T: number): Float64Array {
  let product = 1;
  return Float64Array.from({ length: T }, (_, i) => {
    product *= 1 - (1e-4 + (i * (0.02 - 1e-4)) / (T - 1));
    return product;
  });
}

/** Mean of e² / 2 below 1 and |e| − 1/2 above, without a comparison in the graph. */
function smoothL1(error: tf.Tensor): tf.Scalar {
  const size = tf.abs(error);
  const small = tf.minimum(size, 1);
  return tf.mean(tf.add(tf.mul(0.5, tf.square(small)), tf.sub(size, small)));
}

function near(id: string, ours: number, golden: number): Check {
  return { id, error: Math.abs(ours - golden), allowed: 1e-5 * Math.max(1, Math.abs(golden)) };
}
