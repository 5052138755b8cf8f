import type { NoiseSchedule, Spacing } from "../../packages/core/src/index.ts";
import {
  cosine,
  cosineContinuous,
  edm,
  even,
  exponentialSpacing,
  halfLogSnr,
  karras,
  linspace,
  logSnr,
  logSnrCosine,
  logSnrLinear,
  shifted,
  stepOfTime,
  timeAtHalfLogSnr,
  timeOfStep,
  vp,
} from "../../packages/schedules/src/index.ts";
import { choiceOf, type Declared, numberOf, translate } from "./declared.ts";
import { namedSchedule } from "./references/schedules.ts";
import { type Case, caseOf, errorOf, unsupported } from "./result.ts";
import { roundedToEven, timeOfAblation } from "./sampling/edm-ablation.ts";

export interface LogSnrCase {
  readonly name: string;
  readonly options: Declared;
  readonly t: readonly number[];
  readonly log_snr: readonly (number | string)[];
}

export interface LadderCase {
  readonly name: string;
  readonly options: Declared;
  readonly sigmas: readonly number[];
}

export interface DiscreteCase {
  readonly name: string;
  readonly alphas_cumprod?: string;
  readonly sigma: readonly number[];
  readonly sigma_to_t: readonly number[];
  readonly sigma_to_t_quantized: readonly number[];
  readonly t: readonly number[];
  readonly t_to_sigma: readonly number[];
  readonly get_sigmas_n: number;
  readonly get_sigmas: readonly number[];
  readonly sigma_min: number;
  readonly sigma_max: number;
}

export interface DiscretisationCase {
  readonly name: string;
  readonly options: Declared;
  readonly sigma_of_each_network_call: readonly number[];
}

/** sigma / alpha at a time. */
export function ratioAt(schedule: NoiseSchedule, t: number): number {
  return Math.exp(-halfLogSnr(schedule.at(t)));
}

/** sigma / alpha at each time of a spacing, the final 0 included. */
function ratiosOf(spacing: Spacing, n: number, schedule: NoiseSchedule): number[] {
  return [...spacing.times(n, schedule)].map((t) => ratioAt(schedule, t));
}

const continuous: Readonly<Record<string, (options: Declared) => NoiseSchedule>> = {
  beta_linear_log_snr: (options) => logSnrLinear(translate(options, {})),
  alpha_cosine_log_snr: (options) => cosineContinuous(translate(options, { s: "offset" })),
  logsnr_schedule_cosine: (options) =>
    logSnrCosine(translate(options, { logsnr_min: "logSnrMin", logsnr_max: "logSnrMax" })),
  logsnr_schedule_shifted: (options) =>
    shifted(translate(options, { image_d: "imageSize", noise_d: "noiseSize" }) as { imageSize: number }),
  logsnr_schedule_interpolated: (options) =>
    shifted(
      translate(options, {
        image_d: "imageSize",
        noise_d_high: "noiseSize",
        noise_d_low: "noiseSizeEnd",
      }) as {
        imageSize: number;
      },
    ),
};

/** Log-SNR at t, and as t → 0 for t = 0, which is clean here and keeps a little noise in the references. */
export function logSnrCase({ name, options, t, log_snr }: LogSnrCase, i: number): Case {
  return caseOf(`log_snr/${i} ${name}`, () => {
    const schedule = continuous[name]?.(options) ?? unsupported(`no schedule is declared as ${name}`);
    const ours = t.map((time) => logSnr(schedule.at(Math.max(time, 1e-12))));
    return errorOf(ours, log_snr, { abs: 1e-8, rel: 1e-9 });
  });
}

/**
 * float32 ladders of sigmas, to float32 rounding: of powers, or of e^x − 1 for a small x in the VP one. Karras' roots are
 * differences of numbers as large as the first, and lose as many digits as they are smaller.
 */
export function ladderCase({ name, options, sigmas }: LadderCase, i: number): Case {
  return caseOf(`sigma_ladders/${i} ${name}`, () => {
    const ours = ladder(name, options);
    if (name !== "karras") return errorOf(ours, sigmas, { abs: name === "vp" ? 4e-6 : 0, rel: 4e-6 });
    const rho = numberOf(options, "rho", 7);
    const loss = (sigma: number) => rho * (sigmas[0]! / sigma) ** (1 / rho);
    const errors = ours.map((sigma, k) =>
      errorOf([sigma], [sigmas[k]!], { rel: 4e-6 + (sigma > 0 ? 2 ** -23 * loss(sigma) : 0) }),
    );
    return ours.length === sigmas.length ? Math.max(...errors) : Number.POSITIVE_INFINITY;
  });
}

function ladder(name: string, options: Declared): number[] {
  const n = numberOf(options, "n", 0);
  if (name === "vp") {
    const betaMin = numberOf(options, "beta_min", 0.1);
    const schedule = vp({ betaMin, betaMax: betaMin + numberOf(options, "beta_d", 19.9) });
    return ratiosOf(even({ last: numberOf(options, "eps_s", 1e-3) }), n, schedule);
  }
  const given = translate(options, { n: null, sigma_min: "sigmaMin", sigma_max: "sigmaMax", rho: "rho" });
  const schedule = edm({ sigmaMax: numberOf(options, "sigma_max", 80) });
  if (name === "karras") return ratiosOf(karras(given), n, schedule);
  if (name === "exponential" || name === "polyexponential")
    return ratiosOf(exponentialSpacing(given), n, schedule);
  return unsupported(`no spacing is declared as ${name}`);
}

/** The chain that a text such as `diffusers linear T=1000 (see cases)` declares. */
function discreteSchedule({ name, alphas_cumprod: text = "diffusers linear T=1000" }: DiscreteCase) {
  if (!/^Discrete(Eps|V)DDPMDenoiser$/.test(name)) unsupported(`no map of sigmas is declared as ${name}`);
  const [, chain, count] =
    /^(\S+ \S+) T=(\d+)( \(.*\))?$/.exec(text) ?? unsupported(`the chain ${text} is not known`);
  return { schedule: namedSchedule(chain!, Number(count)), steps: Number(count) };
}

/** sigma ↔ t of the linear chain, float32 table: 1 − ᾱ of the first steps is off by 1e-4 there. */
export function discreteCase(golden: DiscreteCase, i: number): Case {
  return caseOf(`discrete_schedule/${i} ${golden.name}`, () => {
    const { schedule, steps } = discreteSchedule(golden);
    const toStep = (sigma: number) =>
      Math.max(0, stepOfTime(timeAtHalfLogSnr(schedule, -Math.log(sigma)), steps));
    const toSigma = (step: number) => ratioAt(schedule, timeOfStep(step, steps));
    const sigmas = { abs: 1e-6, rel: 4e-6 };
    return Math.max(
      errorOf(golden.sigma.map(toStep), golden.sigma_to_t, { abs: 1e-3 }),
      errorOf(
        golden.sigma.map((sigma) => Math.round(toStep(sigma))),
        golden.sigma_to_t_quantized,
        {},
      ),
      errorOf(golden.t.map(toSigma), golden.t_to_sigma, sigmas),
      errorOf(
        ratiosOf(linspace({ round: "none" }), golden.get_sigmas_n, schedule),
        golden.get_sigmas,
        sigmas,
      ),
      errorOf([toSigma(0), toSigma(steps - 1)], [golden.sigma_min, golden.sigma_max], sigmas),
    );
  });
}

/** Solvers that call the network twice a step. */
const callsTwice: Readonly<Record<string, boolean>> = { heun: true, euler: false };

/** The sigma of every network call: float64, but for iDDPM, whose ᾱ the reference computes in float32. */
export function discretisationCase(
  { name, options, sigma_of_each_network_call }: DiscretisationCase,
  i: number,
): Case {
  return caseOf(`edm_discretisation/${i} ${name} ${options.discretization ?? ""}`, () => {
    const n = numberOf(options, "num_steps", 18);
    const sigmas = discretisation(n, options).slice(0, -1);
    const twice = choiceOf(options, "solver", callsTwice, "heun");
    const calls = twice ? sigmas.flatMap((sigma, k) => [...between(options, sigmas, k), sigma]) : sigmas;
    const single = options.discretization === "iddpm";
    return errorOf(calls, sigma_of_each_network_call, single ? { abs: 6e-6, rel: 4e-6 } : { rel: 1e-9 });
  });
}

/** The same number of levels, evenly spaced in the list, and 0. */
function chosen(levels: readonly number[], n: number): number[] {
  const places = Array.from({ length: n }, (_, i) => roundedToEven(((levels.length - 1) / (n - 1)) * i));
  return [...places.map((place) => levels[place]!), 0];
}

/** Where the second call of the step before level k is made. */
function between(options: Declared, sigmas: readonly number[], k: number): readonly number[] {
  const share = numberOf(options, "alpha", 1);
  if (k === 0 || share === 1) return sigmas.slice(k, k === 0 ? k : k + 1);
  const { sigma, time } = timeOfAblation(options);
  const [from, to] = [time(sigmas[k - 1]!), time(sigmas[k]!)];
  return [sigma(from + share * (to - from))];
}

/** The time steps of EDM's generate.py; schedule and scaling change the path between them, not their sigmas. */
function discretisation(n: number, options: Declared): number[] {
  switch (options.discretization ?? "edm") {
    case "edm": {
      const sigmaMax = numberOf(options, "sigma_max", 80);
      const sigmaMin = numberOf(options, "sigma_min", 0.002);
      return ratiosOf(karras({ rho: numberOf(options, "rho", 7), sigmaMin }), n, edm({ sigmaMax }));
    }
    case "ve": {
      const sigmaMax = numberOf(options, "sigma_max", 100);
      return ratiosOf(
        exponentialSpacing({ sigmaMin: numberOf(options, "sigma_min", 0.02) }),
        n,
        edm({ sigmaMax }),
      );
    }
    case "vp": {
      const last = numberOf(options, "epsilon_s", 1e-3);
      const usual = vp();
      const low = Math.log(numberOf(options, "sigma_min", ratioAt(usual, 1e-3)) ** 2 + 1);
      const high = Math.log(numberOf(options, "sigma_max", ratioAt(usual, 1)) ** 2 + 1);
      const grow = (2 * (low / last - high)) / (last - 1);
      const betaMin = high - grow / 2;
      return ratiosOf(even({ last }), n, vp({ betaMin, betaMax: betaMin + grow }));
    }
    case "iddpm": {
      const steps = numberOf(options, "M", 1000);
      const offset = numberOf(options, "C_2", 0.008);
      const schedule = cosine({ steps, offset, maxBeta: 1 - numberOf(options, "C_1", 0.001) });
      const levels = Array.from({ length: steps }, (_, step) => ratioAt(schedule, timeOfStep(step, steps)));
      const last = levels.findIndex((level) => level >= numberOf(options, "sigma_min", 0.002));
      const first = levels.findLastIndex((level) => level <= numberOf(options, "sigma_max", 81));
      const lambdaMin = halfLogSnr(schedule.at(timeOfStep(first, steps)));
      const spacing = linspace({ round: first % 2 === 0 ? "even" : "odd", lambdaMin });
      if (last === 0) return ratiosOf(spacing, n, schedule);
      return chosen(levels.slice(last, first + 1).reverse(), n);
    }
    default:
      return unsupported(`no discretisation is declared as ${options.discretization}`);
  }
}
