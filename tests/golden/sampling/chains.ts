import * as tf from "@tensorflow/tfjs-core";
import { type Denoise, momentAt, type NoiseSchedule } from "../../../packages/core/src/index.ts";
import {
  combine,
  consistency,
  ddim,
  ddpm,
  ipndm,
  pndm,
  repaint,
  tcd,
} from "../../../packages/diffusion/src/index.ts";
import { unsupported } from "../result.ts";
import { channelsLast, type SamplingCase, type SamplingFile } from "./file.ts";
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

/** DDPMScheduler: each step goes to the next of `timesteps`, the last to clean images, with noise unless it is step 0. */
export function diffusersDdpm(file: SamplingFile, golden: SamplingCase): Plan {
  const { timesteps, config, noise_draws_per_step: draws } = golden;
  const kind = String(config!.variance_type);
  const variance = variances[kind] ?? unsupported(`variance_type ${kind} is not there`);
  const { schedule, guess, timeOf } = chainCase(file, golden, timesteps!);
  const denoise = limits(golden)(withVariance(golden, (call) => timesteps![call]!)(guess));
  return {
    schedule,
    sampler: ddpm({ variance, lastNoise: variance !== "fixed-small" && timesteps!.at(-1)! > 0 }),
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
    paths: timesteps!.map((step) => [...apart(timeOf(step), timeOf(below(step)))].reverse()),
  };
}

/** PNDMScheduler: steps down by ⌊T / n⌋, wherever the next one starts; the first of them in several calls. */
export function diffusersPndm(file: SamplingFile, golden: SamplingCase): Plan {
  const { timesteps, config, num_inference_steps: count } = golden;
  const { schedule, guess, timeOf, table } = chainCase(file, golden, timesteps!);
  const improved = config!.skip_prk_steps === true;
  const steps = improved
    ? timesteps!.filter((step, i) => step !== timesteps![i - 1])
    : [0, 4, 8].map((i) => timesteps![i]!).concat(timesteps!.slice(12));
  const stride = Math.floor(table.length / count!);
  if (improved && steps[0]! - steps[1]! !== stride)
    unsupported("PLMS whose first step does not end where the second starts");
  const last = config!.set_alpha_to_one ? -1 : 0;
  const times = steps.map(timeOf);
  const sampler = pndm({
    start: improved ? "improved-euler" : "runge-kutta",
    average: golden.prediction === "v_prediction" ? "v" : "eps",
  });
  const end = (index: number) => timeOf(steps[index]! - stride < 0 ? last : steps[index]! - stride);
  return {
    schedule,
    sampler: {
      ...sampler,
      step: (input) =>
        sampler.step(
          !improved && input.index < 3 ? input : { ...input, to: momentAt(schedule, end(input.index)) },
        ),
    },
    denoise: guess,
    paths: [[...times.slice(0, -1), ...apart(times.at(-1)!, timeOf(last))]],
  };
}

/** LCMScheduler. */
export function diffusersLcm(file: SamplingFile, golden: SamplingCase): Plan {
  const { timesteps, config } = golden;
  const { schedule, guess, timeOf } = chainCase(file, golden, timesteps!);
  return {
    schedule,
    sampler: consistency({ boundary: Number(config!.timestep_scaling) }),
    denoise: limits(golden)(guess),
    paths: [[...timesteps!, -1].map(timeOf)],
  };
}

/** TCDScheduler: it ends at the first level of the chain. */
export function diffusersTcd(file: SamplingFile, golden: SamplingCase): Plan {
  const { timesteps, step_arguments: said } = golden;
  const { schedule, guess, timeOf } = chainCase(file, golden, timesteps!);
  const eta = Number(said?.eta ?? 0.3);
  const sampler = eta > 0 ? tcd({ eta }) : ddim();
  return { schedule, sampler, denoise: limits(golden)(guess), paths: [[...timesteps!, 0].map(timeOf)] };
}

/** IPNDMScheduler: its own levels, and a network whose output it takes for v. */
export function diffusersIpndm(file: SamplingFile, golden: SamplingCase): Plan {
  const { num_inference_steps: count, timesteps, model_mapping: mapping } = golden;
  if (mapping !== "abar = cos(pi*t/2)^2") unsupported(`the network's time ${mapping} is not known`);
  const network = networkOf(file, golden);
  let call = 0;
  return {
    schedule: {
      name: "ipndm",
      at(t) {
        const sigma = Math.sin((t * Math.PI) / 2) ** 2;
        return { alpha: Math.sqrt(1 - sigma ** 2), sigma };
      },
    },
    sampler: ipndm(),
    denoise(x, { alpha, sigma }) {
      const f = network(x, Math.cos((Math.PI * timesteps![call++]!) / 2) ** 2);
      const eps = combine([sigma, x], [alpha, f]);
      return { x0: alpha > 0 ? combine([alpha, x], [-sigma, f]) : combine([0, x]), eps };
    },
    paths: [Array.from({ length: count! + 1 }, (_, i) => 1 - i / count!)],
  };
}

/** RePaintScheduler: its steps up are one step of the chain each, with the betas of the step above. */
export function diffusersRepaint(file: SamplingFile, golden: SamplingCase): Plan {
  const { operations, config, num_inference_steps: count, shape } = golden;
  const asked = operations!.flatMap(([kind, step]) => (kind === "step" ? [step] : []));
  const { schedule, guess, timeOf, table } = chainCase(file, golden, asked);
  const stride = Math.floor(table.length / count!);
  const [batch, channels, height, width] = shape;
  const tensor = (values: readonly number[]) =>
    tf.tensor4d(channelsLast(values, shape), [batch, height, width, channels]);
  const sampler = repaint({
    image: tensor(file.original_image.data),
    mask: tensor(file.mask.data),
    eta: Number(config!.eta),
  });
  return {
    schedule,
    sampler,
    denoise: limits({ ...golden, config: { ...config, clip_sample_range: 1 } }, true)(guess),
    paths: operations!.map(([kind, step]) =>
      kind === "step"
        ? [timeOf(step), timeOf(Math.max(step - stride, -1))]
        : Array.from({ length: stride + 1 }, (_, i) => timeOf(step - 1 + i)),
    ),
  };
}
