import type * as tf from "@tensorflow/tfjs-core";
import type { Denoise, Sampler } from "../../../packages/core/src/index.ts";
import { combine } from "../../../packages/diffusion/src/authoring.ts";
import { dpm2, dpmppSde, euler, eulerAncestral, heun, lms } from "../../../packages/diffusion/src/index.ts";
import { type Declared, numberOf } from "../declared.ts";
import { diffusersOptions } from "../references/diffusers.ts";
import { abarFormula, twoTimes } from "./chain-case.ts";
import type { SamplingCase, SamplingFile } from "./file.ts";
import { guessFrom, limits } from "./guess.ts";
import { imagesOf, inputOf } from "./inputs.ts";
import { exploding, timeOf } from "./ladders.ts";
import { multistepSampler } from "./multistep.ts";
import { offsetsOf } from "./scripted-noise.ts";
import { abarAt, denoiserOf, networkOf, predictionOf, tableOf } from "./stub.ts";
import type { Plan } from "./trace.ts";

/** ᾱ at the time that a case's network receives. */
function abarOf(file: SamplingFile, golden: SamplingCase): (t: number) => number {
  if (golden.alphas_cumprod === undefined) return abarFormula(golden);
  const table = tableOf(file, golden);
  return (t) => abarAt(table, t);
}

/** Times of a ladder's levels: one per network call, or once each where two-stage steps list them twice. */
function timesOf({ sigmas, timesteps }: SamplingCase, calls: number): readonly number[] {
  if (calls === 2) return sigmas!.filter((sigma, i) => sigma !== sigmas![i - 1]).map(timeOf);
  const times = sigmas!.slice(0, timesteps!.length + 1).map(timeOf);
  const last = times.length - 1;
  return times.with(last - 1, twoTimes(times[last - 1]!, times[last]!)[0]);
}

/** The guess of diffusers' schedulers in sigma space. */
function guessOf(file: SamplingFile, golden: SamplingCase): Denoise {
  if (golden.model_mapping === "edm_preconditioned") {
    const exact = denoiserOf(file, golden);
    return (x, { sigma }) => ({ x0: exact(x, sigma) });
  }
  const abar = abarOf(file, golden);
  const network = networkOf(file, golden);
  return guessFrom(golden, (x, call) => network(x, abar(golden.timesteps![call]!)));
}

/** Steps down `sigmas` with alpha = 1. */
function explodingPlan(file: SamplingFile, golden: SamplingCase, sampler: Sampler): Plan {
  const { init_noise_sigma: scale, noise_draws_per_step: draws } = golden;
  return {
    schedule: exploding,
    sampler,
    denoise: limits(optionsOf(golden), golden)(guessOf(file, golden)),
    paths: [timesOf(golden, sampler.calls ?? 1)],
    scale: scale!,
    offset: sampler.calls === 2 ? stepsOfPairs(draws) : offsetsOf(draws),
  };
}

/** Two network calls are one of our steps. */
function stepsOfPairs(draws: readonly number[] | undefined): (step: number) => number {
  if (draws === undefined) return (step) => step;
  const offset = offsetsOf(draws);
  return (step) => offset(2 * step);
}

/** The options of a case's scheduler over the reference's defaults. */
const optionsOf = ({ scheduler, config }: SamplingCase): Declared => diffusersOptions(scheduler!, config);

const churnOf = ({ step_arguments: given = {} }: SamplingCase) => ({
  churn: numberOf(given, "s_churn", 0),
  churnMin: numberOf(given, "s_tmin", 0),
  ...(typeof given.s_tmax === "number" ? { churnMax: given.s_tmax } : {}),
  noiseScale: numberOf(given, "s_noise", 1),
});

/**
 * EulerDiscreteScheduler and EDMEulerScheduler. They ask the network before the noise of the churn is added, so the
 * stub takes it off again.
 */
export function diffusersEuler(file: SamplingFile, golden: SamplingCase): Plan {
  const plan = explodingPlan(file, golden, euler(churnOf(golden)));
  const { churn, noiseScale } = churnOf(golden);
  return churn === 0 ? plan : { ...plan, denoise: askedBefore(file, golden, noiseScale, plan.offset!) };
}

/** What EulerDiscreteScheduler takes the output for, at x with `raised` noise; v is read at the level before. */
const guessed = {
  epsilon: (x: tf.Tensor, f: tf.Tensor, _sigma: number, raised: number) => ({
    x0: combine([1, x], [-raised, f]),
    eps: f,
  }),
  sample: (_x: tf.Tensor, f: tf.Tensor) => ({ x0: f }),
  v_prediction: (x: tf.Tensor, f: tf.Tensor, sigma: number) => ({
    x0: combine([1 / (sigma ** 2 + 1), x], [-sigma / Math.hypot(1, sigma), f]),
  }),
};

function askedBefore(
  file: SamplingFile,
  golden: SamplingCase,
  noiseScale: number,
  offset: (step: number) => number,
): Denoise {
  const { sigmas, shape, timesteps } = golden;
  const config = optionsOf(golden);
  const prediction = predictionOf(golden);
  const size = shape.reduce((product, length) => product * length, 1);
  const noises = inputOf(file, golden, "noises");
  const noiseOf = (step: number) => {
    const begin = (offset(step) % noises.shape[0]!) * size;
    return imagesOf({ shape, data: noises.data.slice(begin, begin + size) });
  };
  const edm = golden.model_mapping === "edm_preconditioned";
  let call = 0;
  return (x, { sigma: raised }) => {
    const step = call++;
    const sigma = sigmas![step]!;
    const calm = combine(
      [1, x],
      [-noiseScale * Math.sqrt(Math.max(raised ** 2 - sigma ** 2, 0)), noiseOf(step)],
    );
    if (!edm) {
      const given = combine([1 / Math.hypot(1, sigma), calm]);
      const f = networkOf(file, golden)(given, abarOf(file, golden)(timesteps![step]!));
      return guessed[prediction](x, f, sigma, raised);
    }
    const data = numberOf(config, "sigma_data", 0.5);
    const skip = (s: number) => data ** 2 / (s ** 2 + data ** 2);
    const out = (s: number) => (s * data) / Math.hypot(s, data);
    const guess = denoiserOf(file, golden)(calm, sigma);
    const share = out(raised) / out(sigma);
    return { x0: combine([skip(raised), x], [share, guess], [-share * skip(sigma), calm]) };
  };
}

/** EulerAncestralDiscreteScheduler. */
export const diffusersAncestral = (file: SamplingFile, golden: SamplingCase): Plan =>
  explodingPlan(file, golden, eulerAncestral());

/** HeunDiscreteScheduler. */
export const diffusersHeun = (file: SamplingFile, golden: SamplingCase): Plan =>
  explodingPlan(file, golden, heun());

/** LMSDiscreteScheduler. */
export const diffusersLms = (file: SamplingFile, golden: SamplingCase): Plan =>
  explodingPlan(file, golden, lms({ order: numberOf(golden.step_arguments ?? {}, "order", 4) }));

/** KDPM2DiscreteScheduler. */
export const diffusersDpm2 = (file: SamplingFile, golden: SamplingCase): Plan =>
  explodingPlan(file, golden, dpm2());

/** KDPM2AncestralDiscreteScheduler. */
export const diffusersDpm2Ancestral = (file: SamplingFile, golden: SamplingCase): Plan =>
  explodingPlan(file, golden, dpm2({ eta: 1 }));

/** DPMSolverSDEScheduler, with stored noise for its Brownian tree. */
export const diffusersSde = (file: SamplingFile, golden: SamplingCase): Plan =>
  explodingPlan(file, golden, dpmppSde());

/** EDMDPMSolverMultistepScheduler. */
export const diffusersEdmMultistep = (file: SamplingFile, golden: SamplingCase): Plan =>
  explodingPlan(file, golden, multistepSampler(golden));
