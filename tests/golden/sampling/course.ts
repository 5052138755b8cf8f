import type { Denoise, DenoiseWrapper, NoiseSchedule, Sampler } from "../../../packages/core/src/index.ts";
import { combine } from "../../../packages/diffusion/src/authoring.ts";
import { classifierGuidance, clip, ddim, ddpm } from "../../../packages/diffusion/src/index.ts";
import { chainOf, schedules, stepOfTime } from "../../../packages/schedules/src/index.ts";
import { choiceOf, type Declared, numberOf, withDefaults } from "../declared.ts";
import { namedSchedule, scheduleOf } from "../references/schedules.ts";
import { isRecord, unsupported } from "../result.ts";
import { chainCase } from "./chain-case.ts";
import type { SamplingCase, SamplingFile } from "./file.ts";
import { formulaOf, tensorLike, withoutRemarks } from "./formula.ts";
import { withVariance } from "./guess.ts";
import { predictionOf } from "./stub.ts";
import type { Plan } from "./trace.ts";

type PlanOf = (file: SamplingFile, golden: SamplingCase) => Plan;

/** A plain chain: every step of T, no clipping, with the schedule that the table's name declares. */
const wholeChain =
  (sampler: Sampler): PlanOf =>
  (file, golden) => {
    const { T, ...options } = golden.config ?? {};
    const count = typeof T === "number" ? T : unsupported("the case has no T");
    const schedule = namedSchedule(golden.alphas_cumprod ?? "", count, options);
    const steps = Array.from({ length: count }, (_, i) => count - 1 - i);
    const { guess, timeOf } = chainCase(file, golden, schedule, steps);
    return { schedule, sampler, denoise: guess, paths: [[...steps, -1].map(timeOf)] };
  };

/** labml: variance β, noise also at t = 0. */
export const labml: PlanOf = wholeChain(ddpm({ variance: "fixed-large", mean: "eps", lastNoise: true }));

/** dataflowr: variance β. */
export const dataflowr: PlanOf = wholeChain(ddpm({ variance: "fixed-large", mean: "eps" }));

/** The annotated notebook and mxagar: variance β̃. */
export const posterior: PlanOf = wholeChain(ddpm({ mean: "eps" }));

/** What `model_addition` adds to the network's output, from x, t and the last guess. */
function withAddition(
  { model_addition: text }: SamplingCase,
  guess: Denoise,
  outOf: (sigma: number, alpha: number) => number,
  length: number,
): Denoise {
  if (text === undefined) return guess;
  const formula = formulaOf(withoutRemarks(text), ["x", "t", "x_self_cond"]);
  const needsGuess = text.includes("x_self_cond");
  return (x, at, last) => {
    const found = guess(x, at);
    if (needsGuess && !last) return found;
    const variables = { x, t: stepOfTime(at.t, length), ...(last ? { x_self_cond: last } : {}) };
    const added = tensorLike(formula(variables), x);
    return { x0: combine([1, found.x0], [outOf(at.sigma, at.alpha), added]) };
  };
}

const lucidrainsDefaults: Declared = {
  timesteps: 1000,
  sampling_timesteps: null,
  objective: null,
  beta_schedule: "sigmoid",
  schedule_fn_kwargs: {},
  ddim_sampling_eta: 0,
  self_condition: false,
  auto_normalize: true,
};

/** GaussianDiffusion of denoising-diffusion-pytorch: clipped, the noise from the clipped guess. */
export function lucidrains(file: SamplingFile, golden: SamplingCase): Plan {
  const config = withDefaults(golden.config, lucidrainsDefaults, "GaussianDiffusion");
  const name = String(config.beta_schedule);
  const options = isRecord(config.schedule_fn_kwargs) ? config.schedule_fn_kwargs : {};
  const schedule = scheduleOf(golden.reference, name, numberOf(config, "timesteps", 1000), options);
  const steps = (golden.times ?? unsupported("the case has no times")).filter((step) => step >= 0);
  const { guess, timeOf, length } = chainCase(file, golden, schedule, steps);
  const prediction = predictionOf(golden);
  const out = (sigma: number, alpha: number) =>
    prediction === "epsilon" ? -sigma / alpha : prediction === "sample" ? 1 : -sigma;
  return {
    schedule,
    sampler:
      golden.sampler === "ddim_sample" ? ddim({ eta: numberOf(config, "ddim_sampling_eta", 0) }) : ddpm(),
    denoise: clip()(withAddition(golden, guess, out, length)),
    paths: [[...steps, -1].map(timeOf)],
    selfCondition: config.self_condition === true,
  };
}

type Variance = "fixed-small" | "fixed-large" | "learned-log" | "learned-range";

const kinds: Readonly<Record<string, Variance>> = {
  FIXED_SMALL: "fixed-small",
  FIXED_LARGE: "fixed-large",
  LEARNED: "learned-log",
  LEARNED_RANGE: "learned-range",
};

const openaiDefaults: Declared = {
  steps: 1000,
  timestep_respacing: "",
  noise_schedule: "linear",
  model_mean_type: "EPSILON",
  model_var_type: "FIXED_LARGE",
  clip_denoised: true,
  eta: 0,
  rescale_timesteps: false,
};

/** The options of improved- and guided-diffusion, and their chain. */
function openaiChain(file: SamplingFile, golden: SamplingCase, stepOfCall: readonly number[]) {
  const config = withDefaults(golden.config, openaiDefaults, golden.reference);
  const steps = numberOf(config, "steps", 1000);
  const schedule = scheduleOf(golden.reference, String(config.noise_schedule), steps, {});
  return { config, ...chainCase(file, golden, schedule, stepOfCall) };
}

const mapOf = ({ timestep_map: map }: SamplingCase): readonly number[] =>
  map ?? unsupported("the case has no timestep_map");

/** p_sample_loop and ddim_sample_loop of improved- and guided-diffusion. */
export function openai(file: SamplingFile, golden: SamplingCase): Plan {
  const steps = [...mapOf(golden)].reverse();
  const { config, schedule, guess, timeOf, length } = openaiChain(file, golden, steps);
  const variance = choiceOf(config, "model_var_type", kinds);
  const varied = withVariance(golden, (call) => steps[call]!)(guess);
  const clipped = config.clip_denoised ? clip()(varied) : varied;
  return {
    schedule,
    sampler: golden.sampler === "ddim" ? ddim({ eta: numberOf(config, "eta", 0) }) : ddpm({ variance }),
    denoise: guided(golden, length)(clipped),
    paths: [[...steps, -1].map(timeOf)],
  };
}

/** cond_fn of guided-diffusion: shifts DDPM's mean, DDIM's noise guess. */
function guided({ cond_fn: given, sampler }: SamplingCase, length: number): DenoiseWrapper {
  if (given === undefined || given === null) return (denoise) => denoise;
  const [name, text, ...others] = isRecord(given) ? Object.entries(given).flat() : [];
  if (
    typeof name !== "string" ||
    typeof text !== "string" ||
    others.length > 0 ||
    !/^grad_log_p\b/.test(name)
  )
    return unsupported(`the condition ${JSON.stringify(given)} is not known`);
  const formula = formulaOf(withoutRemarks(text), ["x", "t"]);
  return classifierGuidance({
    gradient: (x, { t }) => tensorLike(formula({ x, t: stepOfTime(t, length) }), x),
    shift: sampler === "ddim" ? "score" : "mean",
  });
}

/** ddim_reverse_sample_loop: upwards, and at last to pure noise. */
export function openaiReverse(file: SamplingFile, golden: SamplingCase): Plan {
  const map = mapOf(golden);
  const { config, schedule, guess } = openaiChain(file, golden, map);
  const extended = endingInNoise(schedule, map.at(-1)!);
  const timeOf = (step: number) => (step + 1) / extended.steps!;
  return {
    schedule: extended,
    sampler: ddim(),
    denoise: config.clip_denoised ? clip()(guess) : guess,
    paths: [[...map, extended.steps! - 1].map(timeOf)],
  };
}

/** A chain up to one of its steps, and pure noise as the step above. */
function endingInNoise(schedule: NoiseSchedule, last: number): NoiseSchedule {
  const betas = [...chainOf(schedule).betas.slice(0, last + 1), 1];
  return schedules.create({ name: "custom", betas });
}
