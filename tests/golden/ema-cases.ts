import * as tf from "@tensorflow/tfjs-core";
import type { EmaDecay, Progress } from "../../packages/trainer/src/authoring.ts";
import { emas } from "../../packages/trainer/src/index.ts";
import { type Declared, translate, withDefaults } from "./declared.ts";
import { type Case, caseOf, membersBut, slowCaseOf, unsupported } from "./result.ts";
import { scaledError } from "./scaled-error.ts";

interface EmaPytorch {
  readonly options: Declared;
  readonly online_parameter_at_update_k?: string;
  readonly get_current_decay_after_update_k: readonly number[];
  readonly ema_parameter_after_update_k: readonly (readonly number[])[];
}

interface EmaModel {
  readonly options: Declared;
  readonly parameter_at_step_k?: string;
  readonly decay_at_step_k: readonly number[];
  readonly shadow_after_step_k: readonly (readonly number[])[];
  readonly get_decay_at?: Readonly<Record<string, number>>;
}

const progress = (update: number): Progress => ({ update, images: 0, batch: 1, until: 1, epoch: 1 });

/** The parameter that is averaged, which the files write out in words. */
const parameter = (k: number): number[] => [Math.sin(0.1 * k) + 0.01 * k, Math.cos(0.07 * k) - 0.02 * k];
const WRITTEN = "[sin(0.1 k) + 0.01 k, cos(0.07 k) - 0.02 k]";

/** ema-pytorch's option names → ours, which have the same defaults. */
const ourNames = {
  beta: "decay",
  inv_gamma: "gamma",
  power: "power",
  min_value: "minimum",
  update_after_step: "after",
  update_every: "every",
};

/** ema-pytorch's own defaults. */
const emaPytorchDefaults = {
  beta: 0.9999,
  inv_gamma: 1,
  power: 2 / 3,
  min_value: 0,
  update_after_step: 100,
  update_every: 10,
};

/** The average that options of ema-pytorch describe. */
export function emaPytorch(options: Declared): EmaDecay {
  return emas.create({
    name: "power",
    ...translate(withDefaults(options, emaPytorchDefaults, "ema-pytorch"), ourNames),
  });
}

/** Decays to 1e-12, averages to float32. */
export async function emaPytorchCases(golden: EmaPytorch, i: number): Promise<Case[]> {
  const { options = {}, online_parameter_at_update_k: written } = golden;
  const id = `ema_pytorch/${i}`;
  const decays = golden.get_current_decay_after_update_k;
  const averages = golden.ema_parameter_after_update_k;
  return [
    caseOf(`${id} decay`, () => decayError(emaPytorch({ ...options, update_every: 1 }), decays)),
    await slowCaseOf(`${id} average`, () => averageError(emaPytorch(options), averages, 1, written)),
    ...uncomparedIn(id, golden, [
      "updates",
      "online_parameter_at_update_k",
      "get_current_decay_after_update_k",
      "ema_parameter_after_update_k",
    ]),
  ];
}

/** EMAModel's option names → ours, with and without its warm-up. */
const growing = {
  decay: "decay",
  min_decay: "minimum",
  update_after_step: "after",
  inv_gamma: "gamma",
  power: "power",
};
const plain = { ...growing, inv_gamma: null, power: null };

function emaModel({ use_ema_warmup = false, ...options }: Declared): EmaDecay {
  if (typeof use_ema_warmup !== "boolean") unsupported(`use_ema_warmup is ${JSON.stringify(use_ema_warmup)}`);
  return use_ema_warmup
    ? emas.create({ name: "power", decay: 0.9999, gamma: 1, power: 2 / 3, ...translate(options, growing) })
    : emas.create({ name: "warmup", decay: 0.9999, ...translate(options, plain) });
}

export async function diffusersEmaCases(golden: EmaModel, i: number): Promise<Case[]> {
  const { options = {}, parameter_at_step_k: written, get_decay_at: later = {} } = golden;
  const id = `diffusers_EMAModel/${i}`;
  const far = Object.entries(later).filter(([k]) => Number(k) > 0);
  const averages = golden.shadow_after_step_k;
  return [
    caseOf(`${id} decay`, () => decayError(emaModel(options), golden.decay_at_step_k)),
    ...(far.length === 0
      ? []
      : [
          caseOf(`${id} decay of late updates`, () => {
            const ema = emaModel(options);
            const ours = far.map(([k]) => ema.at(progress(Number(k))));
            return scaledError(
              ours,
              far.map(([, value]) => value),
              1e-12,
            );
          }),
        ]),
    await slowCaseOf(`${id} average`, () => averageError(emaModel(options), averages, 0, written)),
    ...uncomparedIn(id, golden, [
      "parameter_at_step_k",
      "decay_at_step_k",
      "shadow_after_step_k",
      "get_decay_at",
    ]),
  ];
}

/** An entry for the members that nothing compares. */
function uncomparedIn(id: string, golden: object, known: readonly string[]): Case[] {
  const uncompared = membersBut(golden, known, ["id", "reference", "options", "note"]);
  return uncompared.length === 0
    ? []
    : [{ id, reason: `nothing compares ${uncompared.join(", ")}`, uncompared }];
}

function decayError(ema: EmaDecay, golden: readonly number[]): number {
  return scaledError(
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
  written: string | undefined,
): Promise<number> {
  if (written !== undefined && !written.startsWith(WRITTEN))
    unsupported(`the parameter ${written} is not known`);
  if (golden.length === 0) throw new Error("the case stores no averages");
  let average: tf.Tensor = tf.tensor1d(parameter(start));
  let worst = 0;
  for (const [i, expected] of golden.entries()) {
    const decay = ema.at(progress(i + 1));
    const next = tf.tidy(() =>
      tf.add(tf.mul(average, decay), tf.mul(tf.tensor1d(parameter(i + 1)), 1 - decay)),
    );
    average.dispose();
    average = next;
    worst = Math.max(worst, scaledError(await average.data(), expected, 2e-6));
  }
  average.dispose();
  return worst;
}
