import type { Denoise, NoiseSchedule } from "../../../packages/core/src/index.ts";
import { ddim, ddpm } from "../../../packages/diffusion/src/index.ts";
import { unsupported } from "../result.ts";
import type { SamplingCase, SamplingFile } from "./file.ts";
import { guessFrom, limits, withVariance } from "./guess.ts";
import { chain } from "./ladders.ts";
import { offsetsOf } from "./scripted-noise.ts";
import { networkOf } from "./stub.ts";
import type { Plan } from "./trace.ts";

/** What diffusers' chain schedulers have in common. */
interface ChainCase {
  readonly schedule: NoiseSchedule;
  readonly table: readonly number[];
  /** The time of a step; −1 is clean. */
  readonly timeOf: (step: number) => number;
  /** The stub at the given steps, one per call. */
  readonly guess: Denoise;
}

/** Table, schedule and network of a case with a table of ᾱ. */
export function chainCase(
  file: SamplingFile,
  golden: SamplingCase,
  stepOfCall: readonly number[],
): ChainCase {
  const table = file.alphas_cumprod_tables[golden.alphas_cumprod!]!.data;
  const network = networkOf(file, golden);
  const guess = guessFrom(golden, (x, call) => network(x, table[stepOfCall[call]!]!));
  return { schedule: chain(table), table, timeOf: (step) => (step + 1) / table.length, guess };
}

const variances: Readonly<Record<string, "fixed-small" | "fixed-large" | "learned" | "learned-range">> = {
  fixed_small: "fixed-small",
  fixed_small_log: "fixed-small",
  fixed_large: "fixed-large",
  learned: "learned",
  learned_range: "learned-range",
};

/** DDPMScheduler: each step goes to the next of `timesteps`. */
export function diffusersDdpm(file: SamplingFile, golden: SamplingCase): Plan {
  const { timesteps, config, noise_draws_per_step: draws } = golden;
  const kind = String(config!.variance_type);
  const variance = variances[kind] ?? unsupported(`variance_type ${kind} is not there`);
  const { schedule, guess, timeOf } = chainCase(file, golden, timesteps!);
  const denoise = limits(golden)(withVariance(golden, (call) => timesteps![call]!)(guess));
  return {
    schedule,
    sampler: ddpm({ variance }),
    denoise,
    paths: [[...timesteps!, -1].map(timeOf)],
    offset: offsetsOf(draws!),
  };
}

/** A step that stays at its level, as the last one without `set_alpha_to_one`, still has two times. */
export function apart(from: number, to: number): readonly [number, number] {
  return [from === to ? from + 1e-9 : from, to];
}

/** DDIMScheduler: each step goes down by ⌊T / n⌋, wherever the next one starts. */
export function diffusersDdim(file: SamplingFile, golden: SamplingCase): Plan {
  const {
    timesteps,
    config,
    step_arguments: said,
    num_inference_steps: count,
    noise_draws_per_step: draws,
  } = golden;
  const { schedule, guess, timeOf, table } = chainCase(file, golden, timesteps!);
  const last = config!.set_alpha_to_one ? -1 : 0;
  const below = (step: number) => {
    const to = step - Math.floor(table.length / count!);
    return to >= 0 ? to : last;
  };
  return {
    schedule,
    sampler: ddim({ eta: Number(said?.eta ?? 0) }),
    denoise: limits(golden, true)(guess),
    paths: timesteps!.map((step) => apart(timeOf(step), timeOf(below(step)))),
    offset: offsetsOf(draws!),
  };
}

/** DDIMInverseScheduler: upwards; the network is asked about the level that the step goes to. */
export function diffusersInverse(file: SamplingFile, golden: SamplingCase): Plan {
  const { timesteps, config, num_inference_steps: count } = golden;
  const { schedule, guess, timeOf, table } = chainCase(file, golden, timesteps!);
  const first = config!.set_alpha_to_one ? -1 : 0;
  const below = (step: number) => Math.max(step - Math.floor(table.length / count!), first);
  return {
    schedule,
    sampler: ddim(),
    denoise: limits(golden, true)(guess),
    paths: timesteps!.map((step) => [timeOf(below(step)), timeOf(step)]),
  };
}
