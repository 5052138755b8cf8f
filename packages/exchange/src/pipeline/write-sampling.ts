import { isDdpmError, type Spec, stepOfTime } from "@ddpm/core";
import { schedules, spacings } from "@ddpm/schedules";
import type { SchedulerParts } from "./read-scheduler.ts";

type Options = Readonly<Record<string, unknown>>;

/** Arguments of a pipeline's call. */
type Call = Readonly<Record<string, number | boolean>>;

/** A spec's name, and its options. */
export function nameAndOptions(spec: Spec): [name: string, options: Options] {
  if (typeof spec === "string") return [spec, {}];
  const { name, ...options } = spec;
  return [name, options];
}

/** Which scheduler samples as the run does, its own fields, and what it does otherwise. */
export function samplingOf(
  { sample: { sampler } }: SchedulerParts,
  learnsVariance: boolean,
): { ddim: boolean; fields: Options; call: Call; differs: string[] } {
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
export function clippingOf(
  { sample: { clip } }: SchedulerParts,
  ddim: boolean,
): { fields: Options; call: Call; differs: string[] } {
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
export function spacingOf(
  { sample: { spacing, steps }, schedule }: SchedulerParts,
  ddim: boolean,
): { fields: Options; differs: string[] } {
  const chain = schedules.create(schedule);
  const wanted = spacings.create(spacing).times(steps, chain);
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
    `spacing ${rule} with ${n} steps of ${total}: diffusers' DDIMScheduler goes down ${stride} steps each time, and the run's steps have other distances.`,
  ];
}
