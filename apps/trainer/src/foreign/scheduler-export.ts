import { fail, isDdpmError, type Spec, stepOfTime } from "@ddpm/core";
import { schedules, spacings } from "@ddpm/schedules";
import type { RunConfig } from "../config/schema.ts";
import { type AnySpec, builtIn } from "../config/user-plugins.ts";
import { PREDICTIONS, SHAPES, scheduleParts } from "./scheduler.ts";

/** The version whose fields are written. */
export const DIFFUSERS = "0.35.2";

/** How diffusers samples from an exported run. */
export interface ExportedScheduler {
  /** `scheduler_config.json`, with every field that `save_pretrained` writes. */
  readonly config: Readonly<Record<string, unknown>> & { readonly _class_name: string };
  readonly pipeline: "DDPMPipeline" | "DDIMPipeline";
  /** Arguments to call the pipeline with for what the run does; a configuration has no place for them. */
  readonly call: Readonly<Record<string, number | boolean>>;
  /** What the run does and diffusers' scheduler does not, a sentence each. */
  readonly differs: readonly string[];
}

type Options = Readonly<Record<string, unknown>>;

/**
 * The scheduler of a run: DDIM's for `ddim`, and `euler` without churn, else DDPM's. A schedule that diffusers has by name
 * keeps its name, any other chain of betas becomes `trained_betas`.
 *
 * @throws DdpmError where neither scheduler can be trained with what the run was: schedule, prediction type, range of images
 */
export function exportedScheduler(run: RunConfig, learnsVariance = false): ExportedScheduler {
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
  if (!same) fail("export", `the betas of "${name}" do not come back as they are.`);
  return {
    config: sorted(same),
    pipeline: sampling.ddim ? "DDIMPipeline" : "DDPMPipeline",
    call: { num_inference_steps: run.sample.steps, ...sampling.call, ...clipping.call },
    differs: [...sampling.differs, ...spacing.differs, ...clipping.differs],
  };
}

function sorted(config: ExportedScheduler["config"]): ExportedScheduler["config"] {
  const fields = Object.entries(config).sort(([a], [b]) => (a < b ? -1 : 1));
  return Object.fromEntries(fields) as ExportedScheduler["config"];
}

function nameAndOptions(given: AnySpec): [name: string, options: Options] {
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

/** Which scheduler samples as the run does, its own fields, and what it does otherwise. */
function samplingOf(
  { sample: { sampler } }: RunConfig,
  learnsVariance: boolean,
): { ddim: boolean; fields: Options; call: ExportedScheduler["call"]; differs: string[] } {
  const [name, options] = nameAndOptions(sampler);
  const churns = name === "euler" && Number(options.churn ?? 0) > 0;
  const ddim = !learnsVariance && (name === "ddim" || (name === "euler" && !churns));
  if (ddim) {
    const eta = name === "ddim" ? Number(options.eta ?? 0) : 0;
    const scaled = eta > 0 && Number(options.noiseScale ?? 1) !== 1;
    return {
      ddim,
      fields: { set_alpha_to_one: options.toFirstStep !== true },
      call: { ...(eta > 0 ? { eta } : {}) },
      differs: scaled ? [`noiseScale ${options.noiseScale} of ddim is 1 in diffusers.`] : [],
    };
  }
  const variance = name === "ddpm" ? String(options.variance ?? "fixed-small") : undefined;
  const written = learnsVariance
    ? "learned_range"
    : variance === "fixed-large"
      ? "fixed_large"
      : "fixed_small";
  const differs = [];
  if (name !== "ddpm") differs.push(`sampler ${name} is ddpm in diffusers, with the variance ${written}.`);
  else if (variance !== written.replace("_", "-"))
    differs.push(`the variance ${variance} of ddpm is ${written} in diffusers.`);
  if (options.lastNoise === true) differs.push("lastNoise of ddpm: diffusers adds no noise at step 0.");
  return { ddim, fields: { variance_type: written }, call: {}, differs };
}

/** Clipping in diffusers' fields; its DDIM keeps the unclipped noise guess unless it is called otherwise. */
function clippingOf(
  { sample: { clip } }: RunConfig,
  ddim: boolean,
): { fields: Options; call: ExportedScheduler["call"]; differs: string[] } {
  const [name, options] = clip === true ? ["clip", {}] : clip === false ? ["none", {}] : nameAndOptions(clip);
  const clips = name === "clip";
  const thresholds = name === "dynamic-threshold";
  const range = Number(options.max ?? 1);
  const fields = {
    clip_sample: clips,
    clip_sample_range: clips ? range : 1,
    dynamic_thresholding_ratio: thresholds ? Number(options.ratio ?? 0.995) : 0.995,
    sample_max_value: thresholds ? Number(options.max ?? UNBOUNDED) : 1,
    thresholding: thresholds,
  };
  const uneven = clips && Number(options.min ?? -1) !== -range;
  const differs = uneven
    ? [`clipping to [${options.min ?? -1}, ${range}] is [${-range}, ${range}] in diffusers.`]
    : [];
  const again = ddim && (clips || thresholds) && options.keepEps !== true;
  return { fields, call: again ? { use_clipped_model_output: true } : {}, differs };
}

/** Stands for no bound in JSON, which has no infinity. */
const UNBOUNDED = 1e9;

/** The spacing of diffusers that takes the run's steps; where none does, the nearest name, and a sentence. */
function spacingOf(
  { sample: { spacing, steps }, schedule }: RunConfig,
  ddim: boolean,
): { fields: Options; differs: string[] } {
  const chain = schedules.create(builtIn(schedule, "export"));
  const wanted = spacings.create(builtIn(spacing, "export")).times(steps, chain);
  const [name, options] = nameAndOptions(spacing);
  const offset = name === "leading" ? Number(options.offset ?? 0) : 0;
  const fieldsOf = (rule: string) => ({
    steps_offset: rule === "leading" ? offset : 0,
    timestep_spacing: rule,
  });
  const takes = (rule: string): boolean => {
    const spec: Spec = rule === "leading" ? { name: rule, offset } : rule;
    const times = timesOf(spec, steps, chain);
    return times?.length === wanted.length && times.every((t, i) => Math.abs(t - wanted[i]!) < 1e-9);
  };
  const rules = ["trailing", "leading", "linspace"].sort((a, b) => Number(b === name) - Number(a === name));
  const rule = rules.find((each) => takes(each));
  if (!rule) {
    return {
      fields: fieldsOf("leading"),
      differs: [
        `spacing ${name} with ${steps} steps is leading in diffusers, which has no steps like these.`,
      ],
    };
  }
  return { fields: fieldsOf(rule), differs: ddim ? uneven(rule, wanted, chain.steps!) : [] };
}

function timesOf(
  spec: Spec,
  steps: number,
  chain: ReturnType<typeof schedules.create>,
): Float64Array | undefined {
  try {
    return spacings.create(spec).times(steps, chain);
  } catch (error) {
    if (isDdpmError(error)) return undefined;
    throw error;
  }
}

/** diffusers' DDIM goes down ⌊T / n⌋ steps each time, also where its next step is another. */
function uneven(rule: string, times: Float64Array, total: number): string[] {
  const steps = Array.from(times, (t) => stepOfTime(t, total));
  const n = steps.length - 1;
  const stride = Math.floor(total / n);
  const meets = steps.every((step, i) =>
    i === 0 ? true : i === n ? steps[i - 1]! < stride : steps[i - 1]! - step === stride,
  );
  if (meets) return [];
  return [
    `spacing ${rule} with ${n} steps of ${total}: diffusers' DDIMScheduler goes down ${stride} steps each time, and the run's steps are not that far apart.`,
  ];
}

/** The shape and ends of a ramp; of a schedule that is none, or of another's ramp, what stands there is not used. */
function rampOf(
  schedule: AnySpec,
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
  const read = schedules.create(builtIn(scheduleParts(config, "scheduler_config.json").schedule, "export"))
    .betas!;
  return (
    read.length === betas.length &&
    Array.from(betas).every((beta, i) => Math.abs(beta - read[i]!) <= 1e-6 * beta)
  );
}
