import type { NoiseSchedule, Spacing } from "../../packages/core/src/index.ts";
import {
  betaSpacing,
  edm,
  exponentialSpacing,
  karras,
  leading,
  linspace,
  stepOfTime,
  timeAtHalfLogSnr,
  trailing,
} from "../../packages/schedules/src/index.ts";
import { choiceOf, type Declared, memberOf, numberOf, translate } from "./declared.ts";
import { ratioAt } from "./ladder-cases.ts";
import { diffusersDefaults } from "./references/diffusers.ts";
import { scheduleOf } from "./references/schedules.ts";
import { type Case, caseOf, errorOf, unsupported } from "./result.ts";

export interface TimestepCase {
  readonly scheduler: string;
  readonly T: number;
  readonly num_inference_steps: number;
  readonly options: Declared;
  readonly timesteps: readonly number[];
  readonly sigmas?: readonly (number | string)[];
  readonly init_noise_sigma: number;
}

/** What a kind of scheduler does with its steps; everything else is the spacing's. */
interface Kind {
  /** Steps it takes when `timestep_spacing` is not given. */
  readonly spacing: "leading" | "linspace" | "trailing";
  /** Keeps fractions of steps, interpolates sigmas linearly and scales the first noise by sigma. */
  readonly sigmaSpace?: boolean;
  /** Spaces n + 1 steps and leaves out the last. */
  readonly skipLast?: boolean;
  /** Ends at the first step's sigma instead of 0. */
  readonly endsAtSigmaMin?: boolean;
  /** Its own default betas. */
  readonly betas?: Declared;
  /** Rounds times of Karras sigmas to whole steps. */
  readonly roundsKarras?: boolean;
  /** The calls it makes, from the steps it takes. */
  readonly calls?: (steps: readonly number[], options: Declared, stride: number) => readonly number[];
}

const stable = { beta_start: 0.00085, beta_end: 0.012 };
const solver: Kind = { spacing: "linspace", skipLast: true, roundsKarras: true };
const sigmaSpace: Kind = { spacing: "linspace", sigmaSpace: true };

const kinds: Readonly<Record<string, Kind>> = {
  DDPMScheduler: { spacing: "leading" },
  DDIMScheduler: { spacing: "leading" },
  DDIMInverseScheduler: { spacing: "leading", calls: (steps) => [...steps].reverse() },
  PNDMScheduler: { spacing: "leading", calls: pndm },
  EulerDiscreteScheduler: sigmaSpace,
  EulerAncestralDiscreteScheduler: sigmaSpace,
  LMSDiscreteScheduler: sigmaSpace,
  HeunDiscreteScheduler: { ...sigmaSpace, betas: stable },
  KDPM2DiscreteScheduler: { ...sigmaSpace, betas: stable, roundsKarras: true },
  DPMSolverMultistepScheduler: solver,
  DPMSolverSinglestepScheduler: solver,
  UniPCMultistepScheduler: solver,
  DEISMultistepScheduler: { ...solver, endsAtSigmaMin: true },
};

/** Options that change the step from one time to the next, not the times. */
const without = [
  "prediction_type",
  "solver_order",
  "algorithm_type",
  "solver_type",
  "skip_prk_steps",
  "timestep_type",
  "set_alpha_to_one",
  "clip_sample",
  "clip_sample_range",
  "thresholding",
  "dynamic_thresholding_ratio",
  "sample_max_value",
  "variance_type",
  "lower_order_final",
  "euler_at_final",
  "predict_x0",
  "disable_corrector",
];

export function timestepCase(golden: TimestepCase, i: number): Case {
  const id = `diffusers_timesteps/${i} ${golden.scheduler} ${JSON.stringify(golden.options)} n = ${golden.num_inference_steps}`;
  return caseOf(id, () => (golden.scheduler === "EDMEulerScheduler" ? edmError(golden) : error(golden)));
}

function error(golden: TimestepCase): number {
  const kind =
    memberOf(kinds, golden.scheduler) ?? unsupported(`no scheduler is declared as ${golden.scheduler}`);
  const { T, num_inference_steps: n } = golden;
  const plan = planOf(kind, T, n, chosen(golden));
  const { steps, sigmas, init } = plan;
  const stride = Math.floor(T / n);
  const heun = golden.scheduler.startsWith("Heun");
  const dpm2 = golden.scheduler.startsWith("KDPM2");
  const twice = (values: readonly number[]) =>
    values.flatMap((value, k) => (k === 0 ? [value] : [value, value]));
  const calls = heun
    ? twice(steps)
    : dpm2
      ? withMiddles(plan)
      : (kind.calls?.(steps, golden.options, stride) ?? steps);
  const levels = heun ? [...twice(sigmas.slice(0, -1)), 0] : dpm2 ? [...twice(sigmas), 0] : sigmas;
  const whole = golden.timesteps.every(Number.isInteger) && calls.every(Number.isInteger);
  const delicate =
    golden.options.rescale_betas_zero_snr || golden.options.beta_schedule === "squaredcos_cap_v2";
  return Math.max(
    errorOf(calls, golden.timesteps, whole ? {} : { abs: 2e-3 }),
    golden.sigmas ? errorOf(levels, golden.sigmas, { abs: 1e-6, rel: delicate ? 4e-5 : 4e-6 }) : 0,
    errorOf([init], [golden.init_noise_sigma], { rel: 4e-6 }),
  );
}

/** The options that are not the scheduler's defaults, which {@link kinds} already knows. */
function chosen({ scheduler, options }: TimestepCase): Declared {
  const defaults = memberOf(diffusersDefaults, scheduler) ?? {};
  const same = ([name, value]: [string, unknown]) =>
    Object.hasOwn(defaults, name) && JSON.stringify(defaults[name]) === JSON.stringify(value);
  return Object.fromEntries(Object.entries(options).filter((option) => !same(option)));
}

const interpolations: Readonly<Record<string, "log" | "straight">> = {
  log_linear: "log",
  linear: "straight",
};

const spacings: Readonly<Record<string, string>> = {
  leading: "leading",
  linspace: "linspace",
  trailing: "trailing",
};

interface Plan {
  readonly steps: readonly number[];
  readonly sigmas: readonly number[];
  readonly init: number;
  readonly schedule: NoiseSchedule;
}

function planOf(kind: Kind, T: number, n: number, options: Declared): Plan {
  const { timestep_spacing: _, beta_schedule = "linear", ...rest } = options;
  const timestep_spacing = choiceOf(options, "timestep_spacing", spacings, kind.spacing);
  const betas: Record<string, unknown> = beta_schedule === "squaredcos_cap_v2" ? {} : { ...kind.betas };
  const own: Record<string, unknown> = {};
  for (const [name, value] of Object.entries(rest)) {
    if (["beta_start", "beta_end", "rescale_betas_zero_snr"].includes(name)) betas[name] = value;
    else if (!without.includes(name)) own[name] = value;
  }
  const {
    steps_offset,
    lambda_min_clipped,
    final_sigmas_type,
    interpolation_type,
    sigma_min,
    sigma_max,
    ...use
  } = own;
  const lambdaMin = typeof lambda_min_clipped === "number" ? { lambdaMin: lambda_min_clipped } : {};
  const skipLast = kind.skipLast ?? false;
  const spacing: Spacing =
    timestep_spacing === "leading"
      ? leading({ offset: Number(steps_offset ?? 0), skipLast, ...lambdaMin })
      : timestep_spacing === "trailing"
        ? trailing(lambdaMin)
        : linspace({ round: kind.sigmaSpace ? "none" : "even", skipLast, ...lambdaMin });

  const of = (interpolate: object) =>
    scheduleOf("huggingface/diffusers", String(beta_schedule), T, betas, {
      terminal: kind.sigmaSpace || kind.skipLast ? 2 ** -24 : 0,
      ...interpolate,
    });
  const straight = of(kind.sigmaSpace ? { interpolate: "sigma" } : {});
  const schedule = of({});
  const times = [...spacing.times(n, straight)].slice(0, -1);
  const picked = times.map((t) => stepOfTime(t, T));
  const ratios = times.map((t) => ratioAt(straight, t));
  const bottom = single(schedule.at(1 / T).alpha ** 2);
  const endsAt = choiceOf({ final_sigmas_type }, "final_sigmas_type", { zero: 0, sigma_min: bottom }, "zero");
  const last = kind.endsAtSigmaMin ? bottom : endsAt;

  const range = {
    sigmaMin: Number(sigma_min ?? (kind.sigmaSpace && picked.at(-1) !== 0 ? ratios.at(-1) : bottom)),
    sigmaMax: Number(sigma_max ?? (kind.sigmaSpace ? ratios[0] : ratioAt(schedule, 1))),
  };
  const { use_karras_sigmas, use_exponential_sigmas, use_beta_sigmas, use_lu_lambdas, ...left } = use;
  translate(left, {});
  const ladder = use_karras_sigmas
    ? karras(range)
    : use_exponential_sigmas || use_lu_lambdas
      ? exponentialSpacing(range)
      : use_beta_sigmas
        ? betaSpacing(range)
        : undefined;
  const init = (top: number) =>
    !kind.sigmaSpace ? 1 : timestep_spacing === "leading" ? Math.sqrt(top ** 2 + 1) : top;
  if (!ladder) {
    // diffusers' log_linear ladder has one rung more than there are timesteps.
    const levels =
      choiceOf({ interpolation_type }, "interpolation_type", interpolations, "linear") === "log"
        ? rungs(exponentialSpacing(range), n + 1, schedule)
        : ratios;
    return { steps: picked, sigmas: [...levels, last], init: init(levels[0]!), schedule };
  }
  const levels = rungs(ladder, n, schedule);
  const exact = levels.map((level) => stepOfTime(timeAtHalfLogSnr(schedule, -Math.log(level)), T));
  const rounds = (use_karras_sigmas && kind.roundsKarras) || use_lu_lambdas;
  const cut = kind.skipLast ? Math.trunc : (step: number) => step;
  const shown =
    options.timestep_type === "continuous" && options.prediction_type === "v_prediction"
      ? levels.map((level) => Math.log(level) / 4)
      : exact.map(rounds && beta_schedule !== "squaredcos_cap_v2" ? Math.round : cut);
  return { steps: shown, sigmas: [...levels, last], init: init(levels[0]!), schedule };
}

/** sigma / alpha of the first step as its float32 table has it, 1e-4 off: where ladders end. */
function single(abar: number): number {
  const rounded = Math.fround(abar);
  return Math.sqrt((1 - rounded) / rounded);
}

function rungs(ladder: Spacing, n: number, schedule: NoiseSchedule): number[] {
  return [...ladder.times(n, schedule)].slice(0, -1).map((t) => ratioAt(schedule, t));
}

/** DPM2's second call of each step is half way in log sigma. */
function withMiddles({ steps, sigmas, schedule }: Plan): number[] {
  const T = schedule.steps!;
  return steps.flatMap((step, k) => {
    if (k === 0) return [step];
    const lambda = -(Math.log(sigmas[k - 1]!) + Math.log(sigmas[k]!)) / 2;
    return [Math.max(0, stepOfTime(timeAtHalfLogSnr(schedule, lambda), T)), step];
  });
}

/** PNDM calls its second step twice; with Runge–Kutta steps, the first three steps take four calls each. */
function pndm(steps: readonly number[], { skip_prk_steps }: Declared, stride: number): readonly number[] {
  if (skip_prk_steps) return [...steps.slice(0, 2), ...steps.slice(1)];
  const half = Math.floor(stride / 2);
  const runge = steps.slice(1, 4).flatMap((step) => [step + half, step + half, step, step]);
  return [...steps.slice(0, 1), ...runge.slice(0, -1), ...steps.slice(3)];
}

function edmError(golden: TimestepCase): number {
  const { sigma_schedule = "karras", final_sigmas_type = "zero", ...options } = golden.options;
  if (final_sigmas_type !== "zero")
    unsupported(`final_sigmas_type ${String(final_sigmas_type)} has no counterpart`);
  const given = translate(options, {
    sigma_min: "sigmaMin",
    sigma_max: "sigmaMax",
    rho: "rho",
    sigma_data: null,
    num_train_timesteps: null,
    prediction_type: null,
  });
  const schedule = edm({ sigmaMax: numberOf(options, "sigma_max", 80) });
  const { rho, ...ends } = given as { rho?: number };
  if (sigma_schedule !== "exponential" && sigma_schedule !== "karras")
    unsupported(`sigma_schedule ${String(sigma_schedule)} has no counterpart`);
  const ladder = sigma_schedule === "exponential" ? exponentialSpacing(ends) : karras({ ...ends, rho });
  const levels = rungs(ladder, golden.num_inference_steps, schedule);
  return Math.max(
    errorOf([...levels, 0], golden.sigmas ?? [], { rel: 4e-6 }),
    errorOf(
      levels.map((level) => Math.log(level) / 4),
      golden.timesteps,
      { abs: 1e-6, rel: 4e-6 },
    ),
    errorOf([Math.sqrt(levels[0]! ** 2 + 1)], [golden.init_noise_sigma], { rel: 4e-6 }),
  );
}
