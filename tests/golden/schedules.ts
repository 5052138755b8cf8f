import { betaCase, seedCase } from "./beta-cases.ts";
import { discreteCase, discretisationCase, ladderCase, logSnrCase } from "./ladder-cases.ts";
import { preconditioningCase } from "./preconditioning-cases.ts";
import { respacingCase } from "./respacing-cases.ts";
import { type Case, type GoldenResult, membersBut, type RunEntry } from "./result.ts";
import { runParts } from "./run-parts.ts";
import { timeEmbeddingCase } from "./time-embedding-cases.ts";
import { timestepCase } from "./timestep-cases.ts";

const TEXT = ["id", "reference", "name", "options", "dtype", "note", "dev_vs_float64"];

/** A comparison that reads these members next to the texts: others are listed as not compared. */
const reading =
  (members: readonly string[], compare: (entry: never, i: number) => Case): RunEntry =>
  (entry: object, i) => ({
    ...compare({ options: {}, ...entry } as never, i),
    uncompared: membersBut(entry, TEXT, members),
  });

/** The parts of a file in the format of schedules.json, each with what compares one of its entries. */
const parts: Readonly<Record<string, RunEntry>> = {
  cases: reading(["T", "index", "betas", "alphas_cumprod"], betaCase),
  seed_tables: reading(
    [
      "T",
      "index",
      "alphas_cumprod_prev",
      "sqrt_alphas_cumprod",
      "sqrt_recip_alphas",
      "sqrt_one_minus_alphas_cumprod",
      "posterior_variance",
    ],
    seedCase,
  ),
  log_snr: reading(["t", "log_snr"], logSnrCase),
  sigma_ladders: reading(["sigmas"], ladderCase),
  discrete_schedule: reading(
    [
      "sigma",
      "sigma_to_t",
      "sigma_to_t_quantized",
      "t",
      "t_to_sigma",
      "get_sigmas_n",
      "get_sigmas",
      "sigma_min",
      "sigma_max",
      "alphas_cumprod",
    ],
    discreteCase,
  ),
  edm_discretisation: reading(["sigma_of_each_network_call"], discretisationCase),
  preconditioning: preconditioningCase,
  diffusers_timesteps: reading(
    ["scheduler", "T", "num_inference_steps", "timesteps", "sigmas", "init_noise_sigma"],
    timestepCase,
  ),
  time_embeddings: reading(
    ["t", "dim", "theta", "flip_sin_to_cos", "downscale_freq_shift", "n", "d", "rows", "values", "order"],
    timeEmbeddingCase,
  ),
  space_timesteps: reading(
    ["num_timesteps", "section_counts", "timesteps", "spaced_betas_linear", "spaced_betas_cosine", "error"],
    respacingCase,
  ),
};

/** Compares a file in the format of schedules.json, case by case. */
export function runFile(json: unknown): Promise<GoldenResult> {
  return runParts(json, parts);
}
