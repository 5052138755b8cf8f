import { linspace, products } from "./deterministic.ts";

/** Betas of a chain by the formulas of the papers, in float64. */
export const betaFormulas = {
  linear: (T: number, a = 1e-4, b = 0.02) => linspace(a, b, T),
  scaled_linear: (T: number, a = 1e-4, b = 0.02) => linspace(Math.sqrt(a), Math.sqrt(b), T).map((x) => x * x),
  sigmoid: (T: number, a = 1e-4, b = 0.02) => linspace(-6, 6, T).map((x) => (b - a) / (1 + Math.exp(-x)) + a),
  cosine: (T: number, s = 0.008, max = 0.999) => {
    const abar = (t: number) => Math.cos((((t / T + s) / (1 + s)) * Math.PI) / 2) ** 2;
    return Array.from({ length: T }, (_, i) => Math.min(1 - abar(i + 1) / abar(i), max));
  },
};

export const abarOf = (betas: readonly number[]): number[] => products(betas.map((beta) => 1 - beta));

function betaCase(reference: string, name: string, T: number, options: object, betas: readonly number[]) {
  const index = [...new Set([0, 1, T >> 1, T - 1])];
  const abar = abarOf(betas);
  return {
    id: `generated ${name} ${T}`,
    reference,
    name,
    T,
    options,
    dtype: "float64",
    index,
    betas: index.map((i) => betas[i]),
    alphas_cumprod: index.map((i) => abar[i]),
  };
}

const range = { beta_start: 3e-4, beta_end: 0.05 };
const diffusers = "huggingface/diffusers";

/** Ladders of Karras et al. 2022, equation 5, and evenly spaced in ln sigma. */
export function ladder(
  name: "karras" | "exponential",
  n: number,
  low: number,
  high: number,
  rho = 7,
): number[] {
  const levels =
    name === "karras"
      ? linspace(high ** (1 / rho), low ** (1 / rho), n).map((root) => root ** rho)
      : linspace(Math.log(high), Math.log(low), n).map(Math.exp);
  return [...levels, 0];
}

/** A file in the format of schedules.json; the last entries of each part have names that nobody knows. */
export function schedulesFile() {
  const { linear, scaled_linear, sigmoid, cosine } = betaFormulas;
  const known = [5, 33, 257].flatMap((T) => [
    betaCase(diffusers, "linear", T, range, linear(T, 3e-4, 0.05)),
    betaCase(diffusers, "scaled_linear", T, {}, scaled_linear(T)),
    betaCase(diffusers, "sigmoid", T, range, sigmoid(T, 3e-4, 0.05)),
    betaCase(diffusers, "squaredcos_cap_v2", T, {}, cosine(T)),
    betaCase("lucidrains/denoising-diffusion-pytorch", "cosine", T, { s: 0.02 }, cosine(T, 0.02)),
    betaCase("labmlai/annotated_deep_learning_paper_implementations", "linear", T, {}, linear(T)),
  ]);
  const ladders = [3, 8].flatMap((n) => [
    {
      name: "karras",
      options: { n, sigma_min: 0.05, sigma_max: 20, rho: 5 },
      sigmas: ladder("karras", n, 0.05, 20, 5),
    },
    {
      name: "exponential",
      options: { n, sigma_min: 0.05, sigma_max: 20 },
      sigmas: ladder("exponential", n, 0.05, 20),
    },
  ]);
  const steps = (T: number, n: number) =>
    Array.from({ length: n }, (_, i) => (n - 1 - i) * Math.floor(T / n));
  return {
    cases: [
      ...known,
      betaCase(diffusers, "spiral", 9, {}, linear(9)),
      betaCase(diffusers, "linear", 9, { twist: 1 }, linear(9)),
      betaCase("someone/else", "linear", 9, {}, linear(9)),
    ],
    sigma_ladders: [...ladders, { name: "spiral", options: { n: 3 }, sigmas: [1, 0.5, 0] }],
    diffusers_timesteps: [
      ...[7, 50].map((n) => ({
        scheduler: "DDIMScheduler",
        T: 500,
        num_inference_steps: n,
        options: {},
        timesteps: steps(500, n),
        init_noise_sigma: 1,
      })),
      {
        scheduler: "SpiralScheduler",
        T: 9,
        num_inference_steps: 3,
        options: {},
        timesteps: [6, 3, 0],
        init_noise_sigma: 1,
      },
    ],
    spirals: [{ name: "spiral" }],
  };
}

/** How many entries of {@link schedulesFile} are unsupported. */
export const unknownSchedules = 6;
