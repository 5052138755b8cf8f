import * as tf from "@tensorflow/tfjs-core";
import { type EmaDecay, emas, type Progress } from "../../packages/trainer/src/index.ts";
import { type Case, errorOf } from "./ema_lr.ts";

interface EmaPytorch {
  readonly options: Readonly<Record<string, number>>;
  readonly updates: number;
  readonly get_current_decay_after_update_k: readonly number[];
  readonly ema_parameter_after_update_k: readonly (readonly number[])[];
}

interface EmaModel {
  readonly options: Readonly<Record<string, number | boolean>>;
  readonly decay_at_step_k: readonly number[];
  readonly shadow_after_step_k: readonly (readonly number[])[];
  readonly get_decay_at: Readonly<Record<string, number>>;
}

export interface EmaFile {
  readonly ema_pytorch: readonly EmaPytorch[];
  readonly diffusers_EMAModel: readonly EmaModel[];
}

const progress = (update: number): Progress => ({ update, images: 0, batch: 1, until: 1, epoch: 1 });
const parameter = (k: number): number[] => [Math.sin(0.1 * k) + 0.01 * k, Math.cos(0.07 * k) - 0.02 * k];

/** Decays to 1e-12, averages to float32. */
export async function emaCases(file: EmaFile): Promise<Case[]> {
  const cases: Case[] = [];
  for (const [i, { options, ...golden }] of file.ema_pytorch.entries()) {
    const shape = {
      decay: options.beta,
      gamma: options.inv_gamma,
      power: options.power,
      minimum: options.min_value,
      after: options.update_after_step,
    };
    const every = emas.create({ name: "power", ...shape });
    const ema = emas.create({ name: "power", ...shape, every: options.update_every });
    const decays = golden.get_current_decay_after_update_k;
    cases.push(
      { id: `ema_pytorch/${i} decay`, error: decayError(every, decays) },
      {
        id: `ema_pytorch/${i} average`,
        error: await averageError(ema, golden.ema_parameter_after_update_k, 1),
      },
    );
  }
  for (const [i, { options, ...golden }] of file.diffusers_EMAModel.entries()) {
    const shared = {
      ...(options.decay === undefined ? {} : { decay: options.decay }),
      ...(options.min_decay === undefined ? {} : { minimum: options.min_decay }),
      ...(options.update_after_step === undefined ? {} : { after: options.update_after_step }),
    };
    const growth = {
      ...(options.inv_gamma === undefined ? {} : { gamma: options.inv_gamma }),
      ...(options.power === undefined ? {} : { power: options.power }),
    };
    const ema = options.use_ema_warmup
      ? emas.create({ name: "power", ...shared, ...growth })
      : emas.create({ name: "warmup", ...shared });
    const far = Object.entries(golden.get_decay_at).filter(([k]) => Number(k) > 0);
    const ours = far.map(([k]) => ema.at(progress(Number(k))));
    cases.push(
      { id: `diffusers_EMAModel/${i} decay`, error: decayError(ema, golden.decay_at_step_k) },
      {
        id: `diffusers_EMAModel/${i} decay far on`,
        error: errorOf(
          ours,
          far.map(([, value]) => value),
          1e-12,
        ),
      },
      {
        id: `diffusers_EMAModel/${i} average`,
        error: await averageError(ema, golden.shadow_after_step_k, 0),
      },
    );
  }
  return cases;
}

function decayError(ema: EmaDecay, golden: readonly number[]): number {
  return errorOf(
    golden.map((_, i) => ema.at(progress(i + 1))),
    golden,
    1e-12,
  );
}

/** The trainer's own formula in float32, from the parameter at `start`. */
async function averageError(
  ema: EmaDecay,
  golden: readonly (readonly number[])[],
  start: number,
): Promise<number> {
  let average: tf.Tensor = tf.tensor1d(parameter(start));
  let worst = 0;
  for (const [i, expected] of golden.entries()) {
    const decay = ema.at(progress(i + 1));
    const next = tf.tidy(() =>
      tf.add(tf.mul(average, decay), tf.mul(tf.tensor1d(parameter(i + 1)), 1 - decay)),
    );
    average.dispose();
    average = next;
    worst = Math.max(worst, errorOf(await average.data(), expected, 2e-6));
  }
  average.dispose();
  return worst;
}
