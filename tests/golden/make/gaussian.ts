import { noise, tensor } from "./deterministic.ts";
import { abarOf, betaFormulas } from "./schedules.ts";

type Shape = readonly [number, number, number, number];

/** Two levels of each item applied to two stored tensors. */
function mixed(
  shape: Shape,
  a: readonly number[],
  b: readonly number[],
  levels: readonly (readonly [number, number])[],
) {
  const each = a.length / shape[0];
  return tensor(
    shape,
    a.map((value, i) => {
      const [first, second] = levels[Math.floor(i / each)]!;
      return first * value + second * b[i]!;
    }),
  );
}

function diffusersBlock(shape: Shape, T: number, seed: number) {
  const [x0, eps] = [noise(seed, shape), noise(seed + 1, shape)];
  const abar = abarOf(betaFormulas.scaled_linear(T, 5e-4, 0.04));
  const t = Array.from({ length: shape[0] }, (_, b) => (b * 7 + 2) % T);
  const levels = t.map((step) => [Math.sqrt(abar[step]!), Math.sqrt(1 - abar[step]!)] as const);
  return {
    beta_schedule: "scaled_linear",
    options: { beta_start: 5e-4, beta_end: 0.04 },
    T,
    t,
    x0,
    noise: eps,
    add_noise: mixed(shape, x0.data, eps.data, levels),
    get_velocity: mixed(
      shape,
      eps.data,
      x0.data,
      levels.map(([alpha, sigma]) => [alpha, -sigma] as const),
    ),
    snr: tensor(
      [t.length],
      t.map((step) => abar[step]! / (1 - abar[step]!)),
    ),
  };
}

function courseBlock(shape: Shape, T: number, seed: number) {
  const [x0, eps, output] = [noise(seed, shape), noise(seed + 1, shape), noise(seed + 2, shape)];
  const abar = abarOf(betaFormulas.linear(T));
  const t = Array.from({ length: shape[0] }, (_, b) => (b * 5 + 1) % T);
  const levels = t.map((step) => [Math.sqrt(abar[step]!), Math.sqrt(1 - abar[step]!)] as const);
  const errors = output.data.map((value, i) => Math.abs(value - eps.data[i]!));
  const mean = (of: (error: number) => number) => errors.reduce((sum, e) => sum + of(e), 0) / errors.length;
  return {
    reference: "huggingface/notebooks annotated_diffusion (linear, run in float64)",
    T,
    t,
    x0,
    noise: eps,
    model_output: output,
    q_sample: mixed(shape, x0.data, eps.data, levels),
    loss: {
      l1: mean((e) => e),
      l2: mean((e) => e * e),
      huber: mean((e) => (e < 1 ? (e * e) / 2 : e - 0.5)),
    },
  };
}

function guidanceBlock(shape: Shape, seed: number) {
  const [uncond, cond] = [noise(seed, shape), noise(seed + 1, shape)];
  const cases = [0, 1.5, -2].map((scale) => ({
    guidance_scale: scale,
    guidance_rescale: 0,
    result: tensor(
      shape,
      uncond.data.map((value, i) => value + scale * (cond.data[i]! - value)),
    ),
  }));
  return { uncond, cond, cases };
}

/** ln of the probability that a normal gives to a grey level (Ho et al. 2020, eq. 13), its CDF Page's sigmoid. */
function distributionsBlock() {
  const cdf = (x: number) => 1 / (1 + Math.exp(-2 * Math.sqrt(2 / Math.PI) * (x + 0.044715 * x ** 3)));
  const levels = [0, 3, 90, 128, 250, 255].map((level) => level / 127.5 - 1);
  const x = [...levels, ...levels];
  const means = x.map((value, i) => value * 0.9 + 0.03 * (i % 4));
  const scales = x.map((_, i) => (i < levels.length ? -3.5 : -1));
  const likelihood = (value: number, mean: number, scale: number) => {
    const at = (place: number) => cdf((place - mean) / Math.exp(scale));
    const below = value < -0.999 ? 0 : at(value - 1 / 255);
    const above = value > 0.999 ? 1 : at(value + 1 / 255);
    return Math.log(Math.max(above - below, 1e-12));
  };
  return {
    x,
    means,
    log_scales: scales,
    discretized_gaussian_log_likelihood_nats: tensor(
      [x.length],
      x.map((value, i) => likelihood(value, means[i]!, scales[i]!)),
    ),
    approx_standard_normal_cdf_of_x_times_5: tensor(
      [x.length],
      x.map((value) => cdf(5 * value)),
    ),
  };
}

/** A file in the format of gaussian.json with other batches, shapes and channels; the last blocks have unknown names. */
export function gaussianFile() {
  const block = diffusersBlock([1, 1, 3, 5], 40, 30);
  return {
    diffusers: [
      block,
      diffusersBlock([3, 4, 2, 2], 100, 33),
      diffusersBlock([5, 2, 1, 4], 11, 36),
      { ...block, beta_schedule: "spiral" },
      { ...block, options: { twist: 1 } },
    ],
    seed_sources: [courseBlock([1, 2, 3, 4], 30, 40), courseBlock([5, 3, 2, 2], 64, 43)],
    distributions: [distributionsBlock()],
    guidance: [guidanceBlock([1, 3, 4, 2], 50), guidanceBlock([3, 1, 2, 5], 52)],
    spirals: [{}],
  };
}

/** How many cases of {@link gaussianFile} are unsupported. */
export const unknownGaussian = 3;
