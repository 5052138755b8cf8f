import { fail, type Spec } from "@ddpm/core";
import { schedules } from "@ddpm/schedules";
import { z } from "zod";
import type { RunConfig } from "../config/schema.ts";

/** The parts of a run that a diffusers `scheduler_config.json` decides. */
export type ScheduleParts = Pick<RunConfig, "schedule" | "parameterization" | "sample">;

const schema = z.looseObject({
  _class_name: z.enum(["DDPMScheduler", "DDIMScheduler"]),
  num_train_timesteps: z.int().min(1).default(1000),
  beta_start: z.number().default(0.0001),
  beta_end: z.number().default(0.02),
  beta_schedule: z.enum(["linear", "scaled_linear", "squaredcos_cap_v2"]).default("linear"),
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

const SHAPES = { linear: "linear", scaled_linear: "scaled-linear", squaredcos_cap_v2: "cosine" } as const;
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
 * The `scheduler_config.json` of a run.
 *
 * @throws DdpmError where diffusers' DDPMScheduler cannot say it
 */
export function schedulerConfig(run: RunConfig): Readonly<Record<string, unknown>> {
  const wanted: Spec = run.schedule;
  const name = typeof wanted === "string" ? wanted : wanted.name;
  const shape = Object.entries(SHAPES).find(([, ours]) => ours === name)?.[0];
  const prediction =
    typeof run.parameterization === "string" ? run.parameterization : run.parameterization.name;
  const predicts = Object.entries(PREDICTIONS).find(([, ours]) => ours === prediction)?.[0];
  if (!shape)
    fail("export", `diffusers has no schedule like "${name}": expected ${Object.values(SHAPES).join(", ")}.`);
  if (!predicts) fail("export", `diffusers has no prediction type like "${prediction}".`);
  const { betas, steps } = schedules.create(wanted);
  const config = {
    _class_name: "DDPMScheduler",
    _diffusers_version: "0.35.0",
    beta_end: betas!.at(-1)!,
    beta_schedule: shape,
    beta_start: betas![0]!,
    clip_sample: run.sample.clip,
    clip_sample_range: 1.0,
    dynamic_thresholding_ratio: 0.995,
    num_train_timesteps: steps!,
    prediction_type: predicts,
    rescale_betas_zero_snr: false,
    sample_max_value: 1.0,
    steps_offset: 0,
    thresholding: false,
    timestep_spacing: "leading",
    trained_betas: null,
    variance_type: "fixed_small",
  };
  const read = schedules.create(scheduleParts(config, "scheduler_config.json").schedule).betas!;
  const differs = betas!.some((beta, i) => Math.abs(beta - read[i]!) > 1e-6 * beta);
  return differs ? { ...config, trained_betas: [...betas!] } : config;
}
