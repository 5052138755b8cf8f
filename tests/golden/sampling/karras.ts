import type { Sampler } from "../../../packages/core/src/index.ts";
import {
  clip,
  dpm2,
  dpmAdaptive,
  dpmFast,
  dpmpp2m,
  dpmpp2mSde,
  dpmpp2s,
  dpmpp3mSde,
  dpmppSde,
  euler,
  eulerAncestral,
  heun,
  lms,
} from "../../../packages/diffusion/src/index.ts";
import { type Declared, translate } from "../declared.ts";
import { unsupported } from "../result.ts";
import type { SamplingCase, SamplingFile } from "./file.ts";
import { exploding, timeOf } from "./ladders.ts";
import { denoiserOf } from "./stub.ts";
import type { Plan } from "./trace.ts";

const churnNames = { s_churn: "churn", s_tmin: "churnMin", s_tmax: "churnMax", s_noise: "noiseScale" };
const ancestralNames = { eta: "eta", s_noise: "noiseScale" };
const adaptiveNames = {
  order: "order",
  rtol: "relative",
  atol: "absolute",
  h_init: "first",
  pcoeff: "proportional",
  icoeff: "integral",
  dcoeff: "derivative",
  accept_safety: "safety",
  ...ancestralNames,
};

/** A factory and what it calls the reference's options. */
type Maker = readonly [make: (options: Declared) => Sampler, names: Readonly<Record<string, string>>];

const makers: Readonly<Record<string, Maker>> = {
  sample_euler: [euler, churnNames],
  sample_heun: [heun, churnNames],
  sample_dpm_2: [dpm2, churnNames],
  sample_lms: [lms, { order: "order" }],
  sample_dpmpp_2m: [dpmpp2m as Maker[0], {}],
  sample_euler_ancestral: [eulerAncestral, ancestralNames],
  sample_dpm_2_ancestral: [(options) => dpm2({ eta: 1, ...options }), ancestralNames],
  sample_dpmpp_2s_ancestral: [dpmpp2s, ancestralNames],
  sample_dpmpp_sde: [dpmppSde, { ...ancestralNames, r: "second" }],
  sample_dpmpp_2m_sde: [dpmpp2mSde, { ...ancestralNames, solver_type: "solver" }],
  sample_dpmpp_3m_sde: [dpmpp3mSde, ancestralNames],
};

/** The exact guess of a case in sigma space, at any scale. */
export function sigmaSpaceGuess(file: SamplingFile, golden: SamplingCase): Plan["denoise"] {
  const exact = denoiserOf(file, golden);
  return (x, { alpha, sigma }) => ({ x0: exact(alpha === 1 ? x : x.div(alpha), sigma / alpha) });
}

/** A sampler of k-diffusion down its `sigmas`. */
export function kDiffusion(file: SamplingFile, golden: SamplingCase): Plan {
  const { sampler, options = {}, sigmas } = golden;
  const [make, names] = makers[sampler!] ?? unsupported(`${sampler} is not there`);
  const twice = sampler === "sample_dpmpp_sde";
  return {
    schedule: exploding,
    sampler: make(translate(options, names)),
    denoise: sigmaSpaceGuess(file, golden),
    paths: [sigmas!.map(timeOf)],
    scale: sigmas![0]!,
    offset: (step) => (twice ? 2 * step : step),
  };
}

/** sample_dpm_fast: steps evenly far apart in ln sigma. */
export function kDpmFast(file: SamplingFile, golden: SamplingCase): Plan {
  const { n: calls, sigma_min: low, sigma_max: high } = golden.sigma_schedule!;
  const count = Math.floor(calls / 3) + 1;
  const sigmas = Array.from({ length: count + 1 }, (_, i) => high * (low / high) ** (i / count));
  return {
    schedule: exploding,
    sampler: dpmFast({ calls, ...translate(golden.options!, ancestralNames) }),
    denoise: sigmaSpaceGuess(file, golden),
    paths: [sigmas.map(timeOf)],
    scale: high,
  };
}

/** sample_dpm_adaptive, which draws noise for the steps that it takes, not for those that it does again. */
export function kDpmAdaptive(file: SamplingFile, golden: SamplingCase): Plan {
  const { sigma_min: low, sigma_max: high } = golden.sigma_schedule!;
  const places = new Map<number, number>();
  const drawn = (step: number): number => {
    const place = places.get(step) ?? places.size;
    places.set(step, place);
    return place;
  };
  return {
    schedule: exploding,
    sampler: dpmAdaptive(translate(golden.options!, adaptiveNames)),
    denoise: sigmaSpaceGuess(file, golden),
    paths: [[timeOf(high), timeOf(low)]],
    scale: high,
    offset: drawn,
  };
}

/** Levels of EDM's own ladder, then 0. */
export function edmLadder(count: number, { low = 0.002, high = 80, rho = 7 }): number[] {
  const [a, b] = [high ** (1 / rho), low ** (1 / rho)];
  return [...Array.from({ length: count }, (_, i) => (a + (i / (count - 1)) * (b - a)) ** rho), 0];
}

/** What edm's samplers call the options of the churn. */
export const edmChurnNames: Readonly<Record<string, string>> = {
  S_churn: "churn",
  S_min: "churnMin",
  S_max: "churnMax",
  S_noise: "noiseScale",
};

/** edm_sampler: Heun with churn. */
export function edmSampler(file: SamplingFile, golden: SamplingCase): Plan {
  const {
    num_steps: count = 18,
    sigma_min: low,
    sigma_max: high,
    rho,
    ...said
  } = golden.options as Record<string, number>;
  const sigmas = edmLadder(count, {
    ...(low ? { low } : {}),
    ...(high ? { high } : {}),
    ...(rho ? { rho } : {}),
  });
  return {
    schedule: exploding,
    sampler: heun(translate(said, edmChurnNames)),
    denoise: sigmaSpaceGuess(file, golden),
    paths: [sigmas.map(timeOf)],
    scale: sigmas[0]!,
  };
}

/** ElucidatedDiffusion of denoising-diffusion-pytorch; its Heun clips the guess, its DPM-Solver++ does not. */
export function elucidated(file: SamplingFile, golden: SamplingCase): Plan {
  const {
    num_sample_steps: count,
    sigma_min: low,
    sigma_max: high,
    rho,
    ...said
  } = golden.config as Record<string, number>;
  const sigmas = edmLadder(count!, { low: low!, high: high!, rho: rho! });
  const names = {
    S_churn: "churn",
    S_tmin: "churnMin",
    S_tmax: "churnMax",
    S_noise: "noiseScale",
    sigma_data: "data",
  };
  const { data: _, ...churn } = translate(said, names);
  const heunWay = golden.sampler === "ElucidatedDiffusion.sample";
  return {
    schedule: exploding,
    sampler: heunWay ? heun(churn) : dpmpp2m(),
    denoise: heunWay ? clip()(sigmaSpaceGuess(file, golden)) : sigmaSpaceGuess(file, golden),
    paths: [sigmas.map(timeOf)],
    scale: sigmas[0]!,
  };
}
