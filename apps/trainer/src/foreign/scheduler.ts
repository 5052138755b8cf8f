import { fail, type Spec } from "@ddpm/core";
import { schedules } from "@ddpm/schedules";
import { z } from "zod";
import type { RunConfig } from "../config/schema.ts";
import { type AnySpec, builtIn } from "../config/user-plugins.ts";

/** The parts of a run that a diffusers `scheduler_config.json` decides. */
export type ScheduleParts = Pick<RunConfig, "schedule" | "parameterization" | "sample">;

const schema = z.looseObject({
  _class_name: z.enum(["DDPMScheduler", "DDIMScheduler"]),
  num_train_timesteps: z.int().min(1).default(1000),
  beta_start: z.number().default(0.0001),
  beta_end: z.number().default(0.02),
  beta_schedule: z.enum(["linear", "scaled_linear", "squaredcos_cap_v2", "sigmoid"]).default("linear"),
  trained_betas: z.array(z.number()).nullish(),
  variance_type: z
    .enum(["fixed_small", "fixed_small_log", "fixed_large", "fixed_large_log", "learned", "learned_range"])
    .default("fixed_small"),
  clip_sample: z.boolean().default(true),
  clip_sample_range: z.literal(1).default(1),
  thresholding: z.literal(false).default(false),
  prediction_type: z.enum(["epsilon", "sample", "v_prediction"]).default("epsilon"),
  timestep_spacing: z.enum(["leading", "trailing", "linspace"]).default("leading"),
  steps_offset: z.int().min(0).default(0),
  rescale_betas_zero_snr: z.boolean().default(false),
});

type SchedulerConfig = z.output<typeof schema>;

const SHAPES = {
  linear: "linear",
  scaled_linear: "scaled-linear",
  squaredcos_cap_v2: "cosine",
  sigmoid: "beta-sigmoid",
} as const;
const PREDICTIONS = { epsilon: "eps", sample: "x0", v_prediction: "v" } as const;

/** Steps that diffusers' DDIM pipeline takes unless told otherwise. */
const DDIM_STEPS = 50;

/**
 * A run's parts from a `scheduler_config.json` of diffusers.
 *
 * @throws DdpmError naming the field that has no counterpart
 */
export function scheduleParts(json: unknown, file: string): ScheduleParts {
  const parsed = schema.safeParse(json);
  if (!parsed.success) {
    const { path, message } = parsed.error.issues[0]!;
    return fail("import", `${file}: "${path.join(".")}": ${message}.`);
  }
  const config = parsed.data;
  const table = tableOf(config);
  const schedule = config.rescale_betas_zero_snr ? { name: "zero-terminal", of: table } : table;
  const ancestral = config._class_name === "DDPMScheduler";
  return {
    schedule: schedule as RunConfig["schedule"],
    parameterization: PREDICTIONS[config.prediction_type],
    sample: {
      sampler: ancestral ? { name: "ddpm", variance: varianceOf(config) } : "ddim",
      spacing:
        config.timestep_spacing === "leading"
          ? { name: "leading", offset: config.steps_offset }
          : config.timestep_spacing,
      steps: ancestral ? config.num_train_timesteps : Math.min(DDIM_STEPS, config.num_train_timesteps),
      count: 64,
      strip: 4,
      stages: 9,
      clip: config.clip_sample,
    },
  };
}

function tableOf(config: SchedulerConfig): Exclude<Spec, string> {
  if (config.trained_betas) return { name: "custom", betas: config.trained_betas };
  const name = SHAPES[config.beta_schedule];
  const steps = config.num_train_timesteps;
  if (name === "cosine") return { name, steps };
  return { name, steps, betaStart: config.beta_start, betaEnd: config.beta_end };
}

function varianceOf({ variance_type }: SchedulerConfig): string {
  if (variance_type === "learned") return fail("import", 'variance_type "learned" has no counterpart here.');
  return variance_type.replace("_log", "").replace("_", "-");
}

/**
 * The `scheduler_config.json` of a run, with every field that `save_pretrained` writes. A schedule that diffusers has
 * by name goes by its name, any other chain of betas as `trained_betas`.
 *
 * @throws DdpmError where diffusers' DDPMScheduler cannot say it
 */
export function schedulerConfig(run: RunConfig, learnsVariance = false): Readonly<Record<string, unknown>> {
  const { betas, steps } = schedules.create(builtIn(run.schedule, "export"));
  const [name] = nameAndOptions(run.schedule);
  if (!betas || !steps) {
    fail("export", `the schedule "${name}" is no chain of betas, and those are all that diffusers knows.`);
  }
  const predicts = predictionOf(run);
  if (run.data.range === "unit") {
    fail(
      "export",
      "the run's images lie in [0, 1], and diffusers' pipelines bring theirs from [−1, 1].",
      "Export the network alone: --out FILE.safetensors.",
    );
  }
  const config = {
    _class_name: "DDPMScheduler",
    _diffusers_version: DIFFUSERS,
    ...rampOf(run.schedule, betas),
    clip_sample: run.sample.clip,
    clip_sample_range: 1.0,
    dynamic_thresholding_ratio: 0.995,
    num_train_timesteps: steps,
    prediction_type: predicts,
    rescale_betas_zero_snr: name === "zero-terminal",
    sample_max_value: 1.0,
    thresholding: false,
    ...spacingOf(run),
    trained_betas: null,
    variance_type: learnsVariance ? "learned_range" : varianceTypeOf(run),
  };
  const same = [config, { ...config, rescale_betas_zero_snr: false, trained_betas: [...betas] }].find(
    (written) => isSame(written, betas),
  );
  return same ?? fail("export", `the betas of "${name}" do not come back as they are.`);
}

/** The version whose fields are written. */
export const DIFFUSERS = "0.35.2";

function nameAndOptions(given: AnySpec): [name: string, options: Readonly<Record<string, unknown>>] {
  const spec = builtIn(given, "export");
  if (typeof spec === "string") return [spec, {}];
  const { name, ...options } = spec;
  return [name, options];
}

function predictionOf({ parameterization }: RunConfig): string {
  const [name] = nameAndOptions(parameterization);
  const found = Object.entries(PREDICTIONS).find(([, ours]) => ours === name)?.[0];
  const known = Object.values(PREDICTIONS).join(", ");
  return found ?? fail("export", `diffusers has no prediction type like "${name}", only like ${known}.`);
}

/** The shape and ends of a ramp; of a schedule that is none, or of another's ramp, what stands there is not used. */
function rampOf(
  schedule: AnySpec,
  betas: ArrayLike<number>,
): { beta_end: number; beta_schedule: string; beta_start: number } {
  const [name, options] = nameAndOptions(schedule);
  if (name === "zero-terminal") {
    const of = (options.of ?? "linear") as Spec;
    return rampOf(of, schedules.create(of).betas ?? betas);
  }
  const shape = Object.entries(SHAPES).find(([, ours]) => ours === name)?.[0];
  const written = { beta_end: 0.02, beta_schedule: shape ?? "linear", beta_start: 0.0001 };
  if (name === "linear") return { ...written, beta_end: betas[betas.length - 1]!, beta_start: betas[0]! };
  if (name !== "scaled-linear" && name !== "beta-sigmoid") return written;
  const { betaStart, betaEnd } = schedules.get(name).schema.parse(options) as Record<string, number>;
  return { ...written, beta_end: betaEnd!, beta_start: betaStart! };
}

function spacingOf({ sample: { spacing } }: RunConfig): { steps_offset: number; timestep_spacing: string } {
  const [name, options] = nameAndOptions(spacing);
  const known = name === "trailing" || name === "linspace";
  return {
    steps_offset: name === "leading" ? Number(options.offset ?? 0) : 0,
    timestep_spacing: known ? name : "leading",
  };
}

function varianceTypeOf({ sample: { sampler } }: RunConfig): string {
  const [name, { variance }] = nameAndOptions(sampler);
  return name === "ddpm" && variance === "fixed-large" ? "fixed_large" : "fixed_small";
}

/** Whether a scheduler that is read back has these betas, to the rounding of the float32 that diffusers computes in. */
function isSame(config: object, betas: ArrayLike<number>): boolean {
  const read = schedules.create(builtIn(scheduleParts(config, "scheduler_config.json").schedule, "export"))
    .betas!;
  return (
    read.length === betas.length &&
    Array.from(betas).every((beta, i) => Math.abs(beta - read[i]!) <= 1e-6 * beta)
  );
}
