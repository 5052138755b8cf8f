import { fail, type Spec } from "@ddpm/core";
import { schedules } from "@ddpm/schedules";
import { PREDICTIONS, readScheduler, type SchedulerParts, SHAPES } from "./read-scheduler.ts";
import { clippingOf, nameAndOptions, samplingOf, spacingOf } from "./write-sampling.ts";

/** The version whose fields are written. */
export const DIFFUSERS = "0.35.2";

/** A model that was trained, and how it samples. */
export interface SampledRun extends SchedulerParts {
  /** Of its images: symmetric [-1, 1], unit [0, 1]. */
  readonly range: "symmetric" | "unit";
}

/** How diffusers samples from an exported run. */
export interface WrittenScheduler {
  /** `scheduler_config.json`, with every field that `save_pretrained` writes. */
  readonly config: Readonly<Record<string, unknown>> & { readonly _class_name: string };
  readonly pipeline: "DDPMPipeline" | "DDIMPipeline";
  /** Arguments to call the pipeline with for what the run does; a configuration has no place for them. */
  readonly call: Readonly<Record<string, number | boolean>>;
  /** What the run does and diffusers' scheduler does not, a sentence each. */
  readonly differs: readonly string[];
}

/**
 * The scheduler of a run: DDIM's for `ddim`, and `euler` without churn, else DDPM's. A schedule that diffusers has by name
 * keeps its name, any other chain of betas becomes `trained_betas`.
 *
 * @throws DdpmError where neither scheduler can be trained with what the run was: schedule, prediction type, range of images
 */
export function writeScheduler(run: SampledRun, learnsVariance = false): WrittenScheduler {
  const { betas, steps } = schedules.create(run.schedule);
  const [name] = nameAndOptions(run.schedule);
  if (!betas || !steps) {
    fail(
      "exchange/write-scheduler",
      `the schedule "${name}" is no chain of betas, and those are all that diffusers knows.`,
    );
  }
  const predicts = predictionOf(run);
  if (run.range === "unit") {
    fail(
      "exchange/write-scheduler",
      "the run's images are in [0, 1], and diffusers' pipelines take theirs from [−1, 1].",
      "Export the network alone: --out FILE.safetensors.",
    );
  }
  const sampling = samplingOf(run, learnsVariance);
  const clipping = clippingOf(run, sampling.ddim);
  const spacing = spacingOf(run, sampling.ddim);
  const config = {
    _class_name: sampling.ddim ? "DDIMScheduler" : "DDPMScheduler",
    _diffusers_version: DIFFUSERS,
    ...rampOf(run.schedule, betas, sampling.ddim),
    ...clipping.fields,
    num_train_timesteps: steps,
    prediction_type: predicts,
    rescale_betas_zero_snr: name === "zero-terminal",
    ...sampling.fields,
    ...spacing.fields,
    trained_betas: null,
  };
  const same = [config, { ...config, rescale_betas_zero_snr: false, trained_betas: [...betas] }].find(
    (written) => isSame(written, betas),
  );
  if (!same) fail("exchange/write-scheduler", `the betas of "${name}" do not come back as they are.`);
  return {
    config: sorted(same),
    pipeline: sampling.ddim ? "DDIMPipeline" : "DDPMPipeline",
    call: { num_inference_steps: run.sample.steps, ...sampling.call, ...clipping.call },
    differs: [...sampling.differs, ...spacing.differs, ...clipping.differs],
  };
}

function sorted(config: WrittenScheduler["config"]): WrittenScheduler["config"] {
  const fields = Object.entries(config).sort(([a], [b]) => (a < b ? -1 : 1));
  return Object.fromEntries(fields) as WrittenScheduler["config"];
}

function predictionOf({ parameterization }: SampledRun): string {
  const [name] = nameAndOptions(parameterization);
  const found = Object.entries(PREDICTIONS).find(([, ours]) => ours === name)?.[0];
  const known = Object.values(PREDICTIONS).join(", ");
  return (
    found ??
    fail("exchange/write-scheduler", `diffusers has no prediction type like "${name}", only like ${known}.`)
  );
}

/** The shape and ends of a ramp; of a schedule that is none, or of another's ramp, what stands there is not used. */
function rampOf(
  schedule: Spec,
  betas: ArrayLike<number>,
  ddim: boolean,
): { beta_end: number; beta_schedule: string; beta_start: number } {
  const [name, options] = nameAndOptions(schedule);
  if (name === "zero-terminal") {
    const of = (options.of ?? "linear") as Spec;
    return rampOf(of, schedules.create(of).betas ?? betas, ddim);
  }
  const shape = Object.entries(SHAPES).find(
    ([theirs, ours]) => ours === name && !(ddim && DDPM_ONLY.has(theirs)),
  );
  const written = { beta_end: 0.02, beta_schedule: shape?.[0] ?? "linear", beta_start: 0.0001 };
  if (name === "linear") return { ...written, beta_end: betas[betas.length - 1]!, beta_start: betas[0]! };
  if (!shape || (name !== "scaled-linear" && name !== "beta-sigmoid")) return written;
  const { betaStart, betaEnd } = schedules.get(name).schema.parse(options) as Record<string, number>;
  return { ...written, beta_end: betaEnd!, beta_start: betaStart! };
}

/** Shapes of betas that diffusers' DDIMScheduler does not have. */
const DDPM_ONLY: ReadonlySet<string> = new Set(["laplace", "sigmoid"]);

/** Whether a scheduler that is read back has these betas, to the rounding of the float32 that diffusers computes in. */
function isSame(config: object, betas: ArrayLike<number>): boolean {
  const read = schedules.create(readScheduler(config, "scheduler_config.json").schedule).betas!;
  return (
    read.length === betas.length &&
    Array.from(betas).every((beta, i) => Math.abs(beta - read[i]!) <= 1e-6 * beta)
  );
}
