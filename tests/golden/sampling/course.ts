import type { Denoise, DenoiseWrapper, NoiseSchedule, Sampler } from "../../../packages/core/src/index.ts";
import { classifierGuidance, clip, combine, ddim, ddpm } from "../../../packages/diffusion/src/index.ts";
import { cosine, linear } from "../../../packages/schedules/src/index.ts";
import { unsupported } from "../result.ts";
import { chainCase } from "./chains.ts";
import type { SamplingCase, SamplingFile } from "./file.ts";
import { withVariance } from "./guess.ts";
import { chain } from "./ladders.ts";
import type { Plan } from "./trace.ts";

/** The chain that a table's name declares: exact betas, where those of a rounded table of ᾱ would not be. */
function declaredChain(name: string, steps: number): NoiseSchedule {
  const [, family] = /^\S+ (\w+):T\d+$/.exec(name) ?? [];
  if (family === "linear") return linear({ steps, betaStart: 1e-4, betaEnd: 0.02 });
  if (family === "cosine") return cosine({ steps, minBeta: 1e-4, maxBeta: 0.9999 });
  return unsupported(`the table ${name} is not known`);
}

/** A plain chain: every step of T, no clipping. */
const wholeChain =
  (sampler: Sampler) =>
  (file: SamplingFile, golden: SamplingCase): Plan => {
    const steps = Array.from(
      { length: Number(golden.config!.T) },
      (_, i) => Number(golden.config!.T) - 1 - i,
    );
    const { guess, timeOf } = chainCase(file, golden, steps);
    const schedule = declaredChain(golden.alphas_cumprod!, steps.length);
    return { schedule, sampler, denoise: guess, paths: [[...steps, -1].map(timeOf)] };
  };

/** labml: variance β, noise also at t = 0. */
export const labml: (file: SamplingFile, golden: SamplingCase) => Plan = wholeChain(
  ddpm({ variance: "fixed-large", mean: "eps", lastNoise: true }),
);

/** dataflowr: variance β. */
export const dataflowr: (file: SamplingFile, golden: SamplingCase) => Plan = wholeChain(
  ddpm({ variance: "fixed-large", mean: "eps" }),
);

/** The annotated notebook and mxagar: variance β̃. */
export const posterior: (file: SamplingFile, golden: SamplingCase) => Plan = wholeChain(
  ddpm({ mean: "eps" }),
);

/** The stub sees its own last guess, as `model_addition` says. */
function selfConditioned(
  golden: SamplingCase,
  guess: Denoise,
  outOf: (sigma: number, alpha: number) => number,
): Denoise {
  if (golden.model_addition === undefined) return guess;
  if (!golden.model_addition.startsWith("+ 0.05 * x_self_cond")) unsupported(golden.model_addition);
  return (x, at, last) => {
    const found = guess(x, at);
    if (!last) return found;
    return { x0: combine([1, found.x0], [0.05 * outOf(at.sigma, at.alpha), last]) };
  };
}

/** GaussianDiffusion of denoising-diffusion-pytorch: clipped, the noise from the clipped guess. */
export function lucidrains(file: SamplingFile, golden: SamplingCase): Plan {
  const { times, config, prediction, sampler } = golden;
  const listed = times as unknown as readonly number[];
  const steps = listed.filter((step) => step >= 0);
  const { schedule, guess, timeOf } = chainCase(file, golden, steps);
  const out = (sigma: number, alpha: number) =>
    prediction === "epsilon" ? -sigma / alpha : prediction === "sample" ? 1 : -sigma;
  return {
    schedule,
    sampler: sampler === "ddim_sample" ? ddim({ eta: Number(config!.ddim_sampling_eta) }) : ddpm(),
    denoise: clip()(selfConditioned(golden, guess, out)),
    paths: [[...steps, -1].map(timeOf)],
    selfCondition: config!.self_condition === true,
  };
}

const kinds: Readonly<Record<string, "fixed-small" | "fixed-large" | "learned-log" | "learned-range">> = {
  FIXED_SMALL: "fixed-small",
  FIXED_LARGE: "fixed-large",
  LEARNED: "learned-log",
  LEARNED_RANGE: "learned-range",
};

/** p_sample_loop and ddim_sample_loop of improved- and guided-diffusion. */
export function openai(file: SamplingFile, golden: SamplingCase): Plan {
  const { timestep_map: map, config, sampler } = golden;
  const steps = [...map!].reverse();
  const { schedule, guess, timeOf } = chainCase(file, golden, steps);
  const kind = String(config!.model_var_type);
  const variance = kinds[kind] ?? unsupported(`model_var_type ${kind} is not there`);
  const said = withVariance(golden, (call) => steps[call]!)(guess);
  const clipped = config!.clip_denoised ? clip()(said) : said;
  return {
    schedule,
    sampler: sampler === "ddim" ? ddim({ eta: Number(config!.eta) }) : ddpm({ variance }),
    denoise: guided(golden)(clipped),
    paths: [[...steps, -1].map(timeOf)],
  };
}

/** cond_fn of guided-diffusion: shifts DDPM's mean, DDIM's noise guess. */
function guided({ cond_fn: said, sampler }: SamplingCase): DenoiseWrapper {
  if (said === undefined) return (denoise) => denoise;
  const formula = (said as Readonly<Record<string, string>>)["grad_log_p(x)"];
  if (formula !== "0.8 * (0.4 - x)") unsupported(`the gradient ${formula} is not known`);
  return classifierGuidance({
    gradient: (x) => x.sub(0.4).mul(-0.8),
    shift: sampler === "ddim" ? "score" : "mean",
  });
}

/** ddim_reverse_sample_loop: upwards, and at last to pure noise. */
export function openaiReverse(file: SamplingFile, golden: SamplingCase): Plan {
  const map = golden.timestep_map!;
  const { guess, table } = chainCase(file, golden, map);
  const extended = [...table.slice(0, map.at(-1)! + 1), 0];
  const timeOf = (step: number) => (step + 1) / extended.length;
  const paths = [[...map, extended.length - 1].map(timeOf)];
  return {
    schedule: chain(extended),
    sampler: ddim(),
    denoise: golden.config!.clip_denoised ? clip()(guess) : guess,
    paths,
  };
}
