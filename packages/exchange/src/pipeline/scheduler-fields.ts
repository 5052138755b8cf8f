import { fail } from "@ddpm/core";
import { nearest } from "@ddpm/core/authoring";
import * as z from "zod";

const WHERE = "exchange/scheduler-fields";

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
  PNDMScheduler: z.strictObject({
    ...shared,
    // The reference does not read them: guesses are never clipped.
    clip_sample: z
      .boolean()
      .optional()
      .transform(() => false),
    thresholding: z
      .boolean()
      .optional()
      .transform(() => false),
    prediction_type: z.enum(["epsilon", "v_prediction"]).default("epsilon"),
    beta_schedule: z.enum(["linear", "scaled_linear", "squaredcos_cap_v2"]).default("linear"),
    skip_prk_steps: z.boolean().default(false),
    set_alpha_to_one: z.boolean().default(false),
  }),
} as const;

/** The schedulers of diffusers that are read. */
export type ClassName = "DDPMScheduler" | "DDIMScheduler" | "PNDMScheduler";

/** The fields of a scheduler, defaults filled in. */
export interface SchedulerFields {
  readonly num_train_timesteps: number;
  readonly beta_start: number;
  readonly beta_end: number;
  readonly beta_schedule: string;
  readonly trained_betas?: readonly number[] | null | undefined;
  readonly clip_sample: boolean;
  readonly clip_sample_range: number;
  readonly thresholding: boolean;
  readonly dynamic_thresholding_ratio: number;
  readonly sample_max_value: number;
  readonly prediction_type: "epsilon" | "sample" | "v_prediction";
  readonly timestep_spacing: "leading" | "trailing" | "linspace";
  readonly steps_offset: number;
  readonly rescale_betas_zero_snr: boolean;
  /** Of DDPMScheduler. */
  readonly variance_type?: string;
  /** Of DDIMScheduler and PNDMScheduler. */
  readonly set_alpha_to_one?: boolean;
  /** Of PNDMScheduler. */
  readonly skip_prk_steps?: boolean;
}

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

/** The scheduler's class, and its fields without those about the file. */
export function classOf(json: unknown, file: string): { name: ClassName; fields: Record<string, unknown> } {
  if (typeof json !== "object" || json === null || Array.isArray(json)) {
    fail(WHERE, `${file}: a scheduler's configuration is expected to be an object of fields.`);
  }
  const { _class_name: given, ...rest } = json as Record<string, unknown>;
  const known = Object.keys(schemas) as ClassName[];
  const name = known.find((each) => each === given);
  if (!name) {
    fail(
      WHERE,
      `${file}: "_class_name" is ${JSON.stringify(given)}, expected one of ${known.join(", ")}.`,
      "In Python, DDIMScheduler.from_config(pipe.scheduler.config) makes one of the same noise schedule.",
    );
  }
  const fields = Object.entries(rest).filter(([field]) => !field.startsWith("_"));
  return { name, fields: Object.fromEntries(fields) };
}

export function readFields(
  name: ClassName,
  fields: Readonly<Record<string, unknown>>,
  file: string,
): SchedulerFields {
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
    fail(WHERE, `${file}: "${field}" is no known field of ${name}.`, nearest(field, own));
  }
  const field = String(issue.path[0]);
  const value = JSON.stringify(mine[field]);
  fail(WHERE, `${file}: "${field}" is ${value}, expected ${expectedBy(issue)}.`);
}

/** What a value should have been, in words. */
function expectedBy(issue: z.core.$ZodIssue): string {
  if (issue.code === "invalid_value") return issue.values.map((value) => String(value)).join(", ");
  if (issue.code === "too_small") return `at least ${issue.minimum}`;
  if (issue.code === "too_big") return `at most ${issue.maximum}`;
  return issue.code === "invalid_type" ? `a value of type ${issue.expected}` : "another value";
}
