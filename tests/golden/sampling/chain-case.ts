import type { Denoise, NoiseSchedule } from "../../../packages/core/src/index.ts";
import type { Declared } from "../declared.ts";
import { diffusersOptions } from "../references/diffusers.ts";
import { scheduleOf } from "../references/schedules.ts";
import { unsupported } from "../result.ts";
import type { SamplingCase, SamplingFile } from "./file.ts";
import { formulaOf } from "./formula.ts";
import { guessFrom } from "./guess.ts";
import { networkOf, tableOf } from "./stub.ts";

/** What samplers on a chain have in common. */
export interface ChainCase {
  readonly schedule: NoiseSchedule;
  /** Steps of the chain, T. */
  readonly length: number;
  /** The time of a step; −1 is clean. */
  readonly timeOf: (step: number) => number;
  /** The stub at the given steps, one per call. */
  readonly guess: Denoise;
}

/** A chain of the product with the network of a case, which reads the file's own table of ᾱ. */
export function chainCase(
  file: SamplingFile,
  golden: SamplingCase,
  schedule: NoiseSchedule,
  stepOfCall: readonly number[],
): ChainCase {
  const length = schedule.steps ?? unsupported(`${schedule.name} has no steps`);
  const table = tableOf(file, golden);
  if (table.length !== length)
    throw new Error(`the chain has ${length} steps, the table of ᾱ ${table.length}`);
  const network = networkOf(file, golden);
  const abarOf = (step: number) => table[step] ?? unsupported(`the table of ᾱ has no step ${step}`);
  const guess = guessFrom(golden, (x, call) => network(x, abarOf(stepOfCall[call]!)));
  return { schedule, length, timeOf: (step) => (step + 1) / length, guess };
}

/** The options of a diffusers scheduler over the reference's defaults, and its chain. */
export function diffusersChain(
  file: SamplingFile,
  golden: SamplingCase,
  stepOfCall: readonly number[],
): ChainCase & { readonly config: Declared } {
  const config = diffusersOptions(golden.scheduler!, golden.config);
  const { beta_schedule: name, num_train_timesteps: T, beta_start, beta_end, trained_betas } = config;
  const { rescale_betas_zero_snr = false } = config;
  const betas = { beta_start, beta_end, trained_betas, rescale_betas_zero_snr };
  const schedule = scheduleOf("huggingface/diffusers", String(name), Number(T), betas);
  return { config, ...chainCase(file, golden, schedule, stepOfCall) };
}

/** ᾱ at the network's time, from the formula `abar = …` that a case writes out. */
export function abarFormula({ model_mapping: mapping = "" }: SamplingCase): (t: number) => number {
  const text =
    /^\s*abar\s*=(.+)$/.exec(mapping)?.[1] ?? unsupported(`the network's time ${mapping} is not known`);
  const formula = formulaOf(text, ["t"]);
  return (t) => Number(formula({ t }));
}

/** A step that stays at its level, as the last one without `set_alpha_to_one`, still has two times. */
export function twoTimes(from: number, to: number): readonly [number, number] {
  return [from === to ? from * (1 + 1e-9) || 1e-12 : from, to];
}

/** The times of steps that fall, with two times for a last step that stays at its level. */
export function pathOf(
  steps: readonly number[],
  last: number,
  timeOf: (step: number) => number,
): readonly number[] {
  const times = steps.map(timeOf);
  return [...times.slice(0, -1), ...twoTimes(times.at(-1)!, timeOf(last))];
}
