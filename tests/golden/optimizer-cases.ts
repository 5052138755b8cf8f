import * as tf from "@tensorflow/tfjs-core";
import type { Params } from "../../packages/core/src/index.ts";
import { clipByGlobalNorm, clips, globalNorm, optimizers } from "../../packages/trainer/src/index.ts";
import { type Case, errorOf } from "./ema_lr.ts";

interface Golden {
  /** Where the numbers come from, e.g. `torch 1.13`. */
  readonly reference?: string;
  readonly optimizer: string;
  readonly options: Readonly<Record<string, unknown>>;
  readonly w_0_1_2: readonly (readonly number[])[];
  readonly gradient_used_at_step: readonly (readonly number[])[];
  readonly clip_grad_norm_max_norm?: number;
  readonly total_norm_before_clipping?: readonly number[];
}

interface Stored {
  readonly shape: readonly number[];
  readonly data: readonly number[];
}

interface Clip {
  readonly max_norm: number;
  readonly norm_type: number | string;
  readonly grads: readonly Stored[];
  readonly total_norm: number;
  readonly clipped: readonly Stored[];
}

export interface OptimizerFile {
  readonly optimizers: readonly Golden[];
  readonly clip_grad_norm: readonly Clip[];
}

const A = [
  [3, 0.5, -0.2, 0.1],
  [0.5, 1, 0.3, 0],
  [-0.2, 0.3, 0.4, 0.05],
  [0.1, 0, 0.05, 5],
];
const b = [1, -2, 0.5, 3];

/** PyTorch's option names → ours. */
const names: Readonly<Record<string, string>> = {
  eps: "eps",
  weight_decay: "decay",
  amsgrad: "amsgrad",
  momentum: "momentum",
  nesterov: "nesterov",
  centered: "centered",
  alpha: "alpha",
  momentum_decay: "psi",
};

/** The whole path of the weights, in float32. */
export async function optimizerCases(file: OptimizerFile): Promise<Case[]> {
  const cases: Case[] = [];
  for (const [i, golden] of file.optimizers.entries()) {
    const id = `optimizers/${i} ${golden.optimizer}`;
    const offered = optimizers.names.includes(golden.optimizer.toLowerCase());
    cases.push(
      offered ? { id, error: await pathError(golden) } : { id, reason: "no such optimiser is offered" },
    );
  }
  return cases;
}

async function pathError(golden: Golden): Promise<number> {
  const { lr, betas, ...rest } = golden.options;
  const [beta1, beta2] = (betas as readonly number[] | undefined) ?? [];
  const options = Object.entries(rest).map(([key, value]) => [names[key]!, value]);
  const optimizer = optimizers.create({
    name: golden.optimizer.toLowerCase(),
    ...(beta1 === undefined ? {} : { beta1, beta2 }),
    ...(golden.optimizer === "NAdam" && golden.reference?.startsWith("torch 1.") ? { repeat: true } : {}),
    ...Object.fromEntries(options),
  });

  let params: Params = { w: tf.tensor1d([...golden.w_0_1_2[0]!]) };
  let state = optimizer.init(params);
  let worst = 0;
  for (let n = 1; n < golden.w_0_1_2.length; n++) {
    const w = await params.w!.data();
    const gradient = A.map((row, i) => row.reduce((sum, a, j) => sum + a * w[j]!, 0) - b[i]!);
    const numbers = optimizer.scalars(n, lr as number);
    const next = tf.tidy(() => {
      const raw = { w: tf.tensor1d(gradient) };
      const largest = golden.clip_grad_norm_max_norm;
      const gradients = largest === undefined ? raw : clipByGlobalNorm(raw, globalNorm(raw), largest);
      const scalars = Object.fromEntries(
        Object.entries(numbers).map(([name, value]) => [name, tf.scalar(value)]),
      );
      return { ...optimizer.update({ params, gradients, state, scalars }) };
    });
    tf.dispose([params, state]);
    ({ params, state } = next);
    worst = Math.max(worst, errorOf(await params.w!.data(), golden.w_0_1_2[n]!, 4e-6));
  }
  tf.dispose([params, state]);
  return worst;
}

/** Norm and clipped gradients, in float32. */
export async function clipCases(file: OptimizerFile): Promise<Case[]> {
  const cases: Case[] = [];
  for (const [i, { max_norm, norm_type, grads, total_norm, clipped }] of file.clip_grad_norm.entries()) {
    const id = `clip_grad_norm/${i} norm ${norm_type}`;
    const gradients = Object.fromEntries(
      grads.map(({ shape, data }, k) => [`${k}`, tf.tensor([...data], [...shape])]),
    );
    const { norm, ours } = tf.tidy(() => {
      const power = norm_type === "inf" ? "infinity" : Number(norm_type);
      const total = globalNorm(gradients, power === "infinity" ? Number.POSITIVE_INFINITY : power);
      const clip = clips.create({ name: "norm", largest: max_norm, power });
      return { norm: total, ours: { ...clip.apply(gradients, globalNorm(gradients)) } };
    });
    let error = errorOf(await norm.data(), [total_norm], 1e-6);
    for (const [k, { data }] of clipped.entries()) {
      error = Math.max(error, errorOf(await ours[`${k}`]!.data(), data, 1e-6));
    }
    tf.dispose([gradients, norm, ours]);
    cases.push({ id, error });
  }
  return cases;
}
