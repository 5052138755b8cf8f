import { fail, isDdpmError, type Spec } from "@ddpm/core";
import { schedules, spacings } from "@ddpm/schedules";
import { type ClassName, classOf, readFields, type SchedulerFields } from "./scheduler-fields.ts";

/** How a model was trained and samples, as specs: what a `scheduler_config.json` of diffusers decides. */
export interface SchedulerParts {
  readonly schedule: Spec;
  readonly parameterization: Spec;
  readonly sample: {
    readonly sampler: Spec;
    readonly spacing: Spec;
    readonly steps: number;
    /** Whether guesses of the clean images are kept in their range; or the wrapper that does. */
    readonly clip: boolean | Spec;
  };
}

/** Shapes of betas by diffusers' names. */
export const SHAPES = {
  linear: "linear",
  scaled_linear: "scaled-linear",
  squaredcos_cap_v2: "cosine",
  laplace: "laplace",
  sigmoid: "beta-sigmoid",
} as const;

/** What networks predict, by diffusers' names. */
export const PREDICTIONS = { epsilon: "eps", sample: "x0", v_prediction: "v" } as const;

/** Steps that diffusers' DDIM pipeline takes by default. */
const DDIM_STEPS = 50;

/**
 * Reads a `scheduler_config.json` of diffusers. Every field of the scheduler decides something, or is refused
 * by its name; fields that are left out have the reference's defaults.
 *
 * @throws DdpmError naming the field that has no counterpart
 */
export function readScheduler(json: unknown, file: string): SchedulerParts {
  const { name, fields } = classOf(json, file);
  const config = readFields(name, fields, file);
  const table = tableOf(config, file);
  const schedule: Spec = config.rescale_betas_zero_snr ? { name: "zero-terminal", of: table } : table;
  const ancestral = name === "DDPMScheduler";
  const spacing: Spec =
    config.timestep_spacing === "leading"
      ? { name: "leading", offset: config.steps_offset }
      : config.timestep_spacing;
  return {
    schedule,
    parameterization: PREDICTIONS[config.prediction_type],
    sample: {
      sampler: samplerOf(name, config, file),
      spacing,
      steps: stepsThatFit(ancestral ? config.num_train_timesteps : DDIM_STEPS, spacing, table, file),
      clip: clipOf(config, ancestral),
    },
  };
}

/** The sampler of a scheduler. */
function samplerOf(name: ClassName, config: SchedulerFields, file: string): Spec {
  if (name === "DDPMScheduler") return { name: "ddpm", variance: varianceOf(config.variance_type!, file) };
  const toFirstStep = config.set_alpha_to_one ? {} : { toFirstStep: true };
  if (name === "DDIMScheduler") return config.set_alpha_to_one ? "ddim" : { name: "ddim", ...toFirstStep };
  return {
    name: "pndm",
    start: config.skip_prk_steps ? "improved-euler" : "runge-kutta",
    ...(config.prediction_type === "v_prediction" ? { average: "v" } : {}),
    ...toFirstStep,
  };
}

function tableOf(config: SchedulerFields, file: string): Exclude<Spec, string> {
  const steps = config.num_train_timesteps;
  if (config.trained_betas) {
    const { length } = config.trained_betas;
    if (length !== steps) {
      fail(
        "exchange/read-scheduler",
        `${file}: "trained_betas" has ${length} numbers, expected num_train_timesteps, ${steps}.`,
      );
    }
    return { name: "custom", betas: config.trained_betas };
  }
  const name = SHAPES[config.beta_schedule as keyof typeof SHAPES];
  if (name === "cosine" || name === "laplace") return { name, steps };
  return { name, steps, betaStart: config.beta_start, betaEnd: config.beta_end };
}

function varianceOf(type: string, file: string): string {
  if (type === "learned") {
    fail(
      "exchange/read-scheduler",
      `${file}: "variance_type" is "learned", and networks here learn variances between two bounds.`,
      "Only learned_range has a counterpart.",
    );
  }
  return type.replace("_log", "").replace("_", "-");
}

/**
 * How guesses are kept in range: diffusers' DDIM keeps the noise guess of the unclipped image, and thresholding takes the
 * place of clipping.
 */
function clipOf(config: SchedulerFields, ancestral: boolean): SchedulerParts["sample"]["clip"] {
  const keep = ancestral ? {} : { keepEps: true };
  if (config.thresholding) {
    const { dynamic_thresholding_ratio: ratio, sample_max_value: max } = config;
    return { name: "dynamic-threshold", ratio, max, ...keep };
  }
  if (!config.clip_sample) return false;
  const range = config.clip_sample_range;
  return ancestral && range === 1 ? true : { name: "clip", min: -range, max: range, ...keep };
}

/** The most steps, up to those wanted, that a spacing can take on a chain: an offset leaves fewer than all of them. */
function stepsThatFit(wanted: number, spacing: Spec, table: Spec, file: string): number {
  const chain = schedules.create(table);
  const rule = spacings.create(spacing);
  for (let steps = Math.min(wanted, chain.steps!); steps > 0; steps--) {
    try {
      rule.times(steps, chain);
      return steps;
    } catch (error) {
      if (!isDdpmError(error)) throw error;
    }
  }
  return fail(
    "exchange/read-scheduler",
    `${file}: "steps_offset" leaves no step of the ${chain.steps} in the chain.`,
  );
}
