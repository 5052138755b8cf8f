import { fail, isDdpmError, nearest, type Spec } from "@ddpm/core";
import { schedules, spacings } from "@ddpm/schedules";
import { z } from "zod";
import type { RunConfig } from "../config/schema.ts";

/** The parts of a run that a diffusers `scheduler_config.json` decides. */
export type ScheduleParts = Pick<RunConfig, "schedule" | "parameterization" | "sample">;

/** Fields that both schedulers have, with the reference's defaults. */
const shared = {
  num_train_timesteps: z.int().min(1).default(1000),
  beta_start: z.number().default(0.0001),
  beta_end: z.number().default(0.02),
  trained_betas: z.array(z.number()).nullish(),
  clip_sample: z.boolean().default(true),
  clip_sample_range: z.number().positive().default(1),
  thresholding: z.boolean().default(false),
  dynamic_thresholding_ratio: z.number().min(0).max(1).default(0.995),
  sample_max_value: z.number().min(1).default(1),
  prediction_type: z.enum(["epsilon", "sample", "v_prediction"]).default("epsilon"),
  timestep_spacing: z.enum(["leading", "trailing", "linspace"]).default("leading"),
  steps_offset: z.int().min(0).default(0),
  rescale_betas_zero_snr: z.boolean().default(false),
};

/** The schedulers of diffusers that are read, each with all of its fields. */
const schemas = {
  DDPMScheduler: z.strictObject({
    ...shared,
    beta_schedule: z
      .enum(["linear", "scaled_linear", "squaredcos_cap_v2", "laplace", "sigmoid"])
      .default("linear"),
    variance_type: z
      .enum(["fixed_small", "fixed_small_log", "fixed_large", "fixed_large_log", "learned", "learned_range"])
      .default("fixed_small"),
  }),
  DDIMScheduler: z.strictObject({
    ...shared,
    beta_schedule: z.enum(["linear", "scaled_linear", "squaredcos_cap_v2"]).default("linear"),
    set_alpha_to_one: z.boolean().default(true),
  }),
} as const;

type ClassName = keyof typeof schemas;
type SharedConfig = z.output<z.ZodObject<typeof shared>> & { readonly beta_schedule: string };

/**
 * Fields of other schedulers of diffusers. `from_config` leaves them behind when a pipeline changes its scheduler, and the
 * reference ignores them.
 */
const LEFT_BEHIND: readonly string[] = [
  ...["variance_type", "set_alpha_to_one", "skip_prk_steps", "solver_order", "solver_type", "algorithm_type"],
  ...[
    "lower_order_final",
    "euler_at_final",
    "use_karras_sigmas",
    "use_exponential_sigmas",
    "use_beta_sigmas",
  ],
  ...["use_lu_lambdas", "use_flow_sigmas", "flow_shift", "final_sigmas_type", "lambda_min_clipped"],
  ...["interpolation_type", "sigma_min", "sigma_max", "sigma_data", "sigma_schedule", "timestep_type", "rho"],
  ...["predict_x0", "solver_p", "disable_corrector", "predictor_order", "corrector_order", "tau_func"],
  ...["original_inference_steps", "timestep_scaling", "noise_sampler_seed", "use_dynamic_shifting"],
  ...["time_shift_type", "tensor_format"],
];

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
 * A run's parts from a `scheduler_config.json` of diffusers. Every field of the scheduler decides something, or is refused
 * by its name; fields that are left out have the reference's defaults.
 *
 * @throws DdpmError naming the field that has no counterpart
 */
export function scheduleParts(json: unknown, file: string): ScheduleParts {
  const { name, fields } = classOf(json, file);
  const config = read(name, fields, file) as SharedConfig & {
    readonly variance_type?: string;
    readonly set_alpha_to_one?: boolean;
  };
  const table = tableOf(config, file);
  const schedule: Spec = config.rescale_betas_zero_snr ? { name: "zero-terminal", of: table } : table;
  const ancestral = name === "DDPMScheduler";
  const spacing: Spec =
    config.timestep_spacing === "leading"
      ? { name: "leading", offset: config.steps_offset }
      : config.timestep_spacing;
  return {
    schedule: schedule as RunConfig["schedule"],
    parameterization: PREDICTIONS[config.prediction_type],
    sample: {
      sampler: ancestral
        ? { name: "ddpm", variance: varianceOf(config.variance_type!, file) }
        : config.set_alpha_to_one
          ? "ddim"
          : { name: "ddim", toFirstStep: true },
      spacing,
      steps: stepsThatFit(ancestral ? config.num_train_timesteps : DDIM_STEPS, spacing, table, file),
      count: 64,
      strip: 4,
      stages: 9,
      clip: clipOf(config, ancestral),
    },
  };
}

/** The scheduler's class, and its fields without those about the file. */
function classOf(json: unknown, file: string): { name: ClassName; fields: Record<string, unknown> } {
  if (typeof json !== "object" || json === null || Array.isArray(json)) {
    fail("import", `${file}: a scheduler's configuration is expected to be an object of fields.`);
  }
  const { _class_name: given, ...rest } = json as Record<string, unknown>;
  const known = Object.keys(schemas) as ClassName[];
  const name = known.find((each) => each === given);
  if (!name) {
    fail(
      "import",
      `${file}: "_class_name" is ${JSON.stringify(given)}, expected ${known.join(" or ")}.`,
      "In Python, DDIMScheduler.from_config(pipe.scheduler.config) makes one of the same noise schedule.",
    );
  }
  const fields = Object.entries(rest).filter(([field]) => !field.startsWith("_"));
  return { name, fields: Object.fromEntries(fields) };
}

function read(name: ClassName, fields: Readonly<Record<string, unknown>>, file: string): unknown {
  const schema = schemas[name];
  const own = Object.keys(schema.shape);
  const { predict_epsilon: older, ...given } = fields;
  const mine = Object.fromEntries(
    Object.entries(given).filter(([field]) => own.includes(field) || !LEFT_BEHIND.includes(field)),
  );
  const renamed = older === false && !("prediction_type" in mine) ? { prediction_type: "sample" } : {};
  const parsed = schema.safeParse({ ...renamed, ...mine });
  if (parsed.success) return parsed.data;
  const issue = parsed.error.issues[0]!;
  if (issue.code === "unrecognized_keys") {
    const field = issue.keys[0]!;
    fail("import", `${file}: "${field}" is no field of ${name} that is known here.`, nearest(field, own));
  }
  const field = String(issue.path[0]);
  const value = JSON.stringify(mine[field]);
  fail("import", `${file}: "${field}" is ${value}, expected ${expectedBy(issue)}.`);
}

/** What a value should have been, in words. */
function expectedBy(issue: z.core.$ZodIssue): string {
  if (issue.code === "invalid_value") return issue.values.map((value) => String(value)).join(", ");
  if (issue.code === "too_small") return `at least ${issue.minimum}`;
  if (issue.code === "too_big") return `at most ${issue.maximum}`;
  return issue.code === "invalid_type" ? `a value of type ${issue.expected}` : "another value";
}

function tableOf(config: SharedConfig, file: string): Exclude<Spec, string> {
  const steps = config.num_train_timesteps;
  if (config.trained_betas) {
    const { length } = config.trained_betas;
    if (length !== steps) {
      fail(
        "import",
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
      "import",
      `${file}: "variance_type" is "learned", and networks here learn variances between two bounds.`,
      "Only learned_range has a counterpart.",
    );
  }
  return type.replace("_log", "").replace("_", "-");
}

/**
 * How guesses are held in range: diffusers' DDIM keeps the noise guess of the unclipped image, and thresholding takes the
 * place of clipping.
 */
function clipOf(config: SharedConfig, ancestral: boolean): RunConfig["sample"]["clip"] {
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
  return fail("import", `${file}: "steps_offset" leaves no step of the ${chain.steps} in the chain.`);
}
