import type { Sampler } from "../../../packages/core/src/index.ts";
import {
  clip,
  dpm2,
  dpmAdaptive,
  dpmFast,
  dpmpp2m,
  dpmpp2mSde,
  dpmpp2sAncestral,
  dpmpp3mSde,
  dpmppSde,
  euler,
  eulerAncestral,
  heun,
  lms,
} from "../../../packages/diffusion/src/index.ts";
import { type Declared, memberOf, numberOf, translate } from "../declared.ts";
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
  sample_dpmpp_2s_ancestral: [dpmpp2sAncestral, ancestralNames],
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
  const [make, names] = memberOf(makers, sampler!) ?? unsupported(`no sampler is declared as ${sampler}`);
  if (!sigmas) unsupported("the case has no sigmas");
  const twice = sampler === "sample_dpmpp_sde";
  return {
    schedule: exploding,
    sampler: make(bounded(translate(options, names))),
    denoise: sigmaSpaceGuess(file, golden),
    paths: [sigmas!.map(timeOf)],
    scale: sigmas![0]!,
    offset: (step) => (twice ? 2 * step : step),
  };
}

/** Options without a bound that is infinite, as a bound that is left out is here. */
function bounded(options: Declared): Declared {
  return Object.fromEntries(
    Object.entries(options).filter(([, value]) => value !== "Infinity" && value !== Number.POSITIVE_INFINITY),
  );
}

/** sample_dpm_fast: steps evenly spaced in ln sigma. */
export function kDpmFast(file: SamplingFile, golden: SamplingCase): Plan {
  const { n: calls, sigma_min: low, sigma_max: high } = golden.sigma_schedule!;
  const count = Math.floor(calls / 3) + 1;
  const sigmas = Array.from({ length: count + 1 }, (_, i) => high * (low / high) ** (i / count));
  return {
    schedule: exploding,
    sampler: dpmFast({ calls, ...translate(golden.options ?? {}, ancestralNames) }),
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
    sampler: dpmAdaptive(translate(golden.options ?? {}, adaptiveNames)),
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
  const options = golden.options ?? {};
  const sigmas = edmLadder(numberOf(options, "num_steps", 18), {
    low: numberOf(options, "sigma_min", 0.002),
    high: numberOf(options, "sigma_max", 80),
    rho: numberOf(options, "rho", 7),
  });
  const ladder = { num_steps: null, sigma_min: null, sigma_max: null, rho: null };
  return {
    schedule: exploding,
    sampler: heun(bounded(translate(options, { ...edmChurnNames, ...ladder }))),
    denoise: sigmaSpaceGuess(file, golden),
    paths: [sigmas.map(timeOf)],
    scale: sigmas[0]!,
  };
}

const elucidatedNames = {
  S_churn: "churn",
  S_tmin: "churnMin",
  S_tmax: "churnMax",
  S_noise: "noiseScale",
  num_sample_steps: null,
  sigma_min: null,
  sigma_max: null,
  sigma_data: null,
  rho: null,
};

/** ElucidatedDiffusion of denoising-diffusion-pytorch; its Heun clips the guess, its DPM-Solver++ does not. */
export function elucidated(file: SamplingFile, golden: SamplingCase): Plan {
  const config = golden.config ?? {};
  const sigmas = edmLadder(numberOf(config, "num_sample_steps", 32), {
    low: numberOf(config, "sigma_min", 0.002),
    high: numberOf(config, "sigma_max", 80),
    rho: numberOf(config, "rho", 7),
  });
  const churn = {
    churn: 80,
    churnMin: 0.05,
    churnMax: 50,
    noiseScale: 1.003,
    ...translate(config, elucidatedNames),
  };
  const usesHeun = golden.sampler === "ElucidatedDiffusion.sample";
  return {
    schedule: exploding,
    sampler: usesHeun ? heun(bounded(churn)) : dpmpp2m(),
    denoise: usesHeun ? clip()(sigmaSpaceGuess(file, golden)) : sigmaSpaceGuess(file, golden),
    paths: [sigmas.map(timeOf)],
    scale: sigmas[0]!,
  };
}
