import { linspace, noise, sizeOf } from "./deterministic.ts";
import { abarOf, betaFormulas, ladder } from "./schedules.ts";

type Shape = readonly [number, number, number, number];

const shapes: readonly Shape[] = [
  [1, 1, 4, 6],
  [3, 4, 5, 3],
  [5, 2, 3, 3],
];
const MU = [0.4, -0.1, 0.25, 0.05];
const S = 0.6;
const M = 0.5;
const suffix = ([batch, channels, height, width]: Shape) => `${batch}x${channels}x${height}x${width}`;

/** What the stubs are built on: the channel of each number. */
const channelOf = ([, channels, height, width]: Shape, i: number) =>
  Math.floor(i / (height * width)) % channels;

/** ε of the exact Gaussian network, in float64. */
function gaussEps(x: readonly number[], shape: Shape, abar: number): number[] {
  const a = Math.sqrt(abar);
  const total = abar * S ** 2 + 1 - abar;
  return x.map(
    (value, i) => (Math.sqrt(1 - abar) * (value - a * MU[channelOf(shape, i) % MU.length]!)) / total,
  );
}

/** D(x; sigma) of the exact mixture, in float64. */
const mixture = (x: readonly number[], sigma: number): number[] => {
  const total = S ** 2 + sigma ** 2;
  return x.map((value) => (S ** 2 * value + sigma ** 2 * M * Math.tanh((M * value) / total)) / total);
};

interface Chain {
  readonly name: string;
  readonly abar: readonly number[];
}

const chains: Readonly<Record<string, Chain>> = {
  diffusers: { name: "diffusers linear:T60", abar: abarOf(betaFormulas.linear(60, 2e-4, 0.1)) },
  labml: { name: "labml linear:T9", abar: abarOf(betaFormulas.linear(9)) },
};

function finished(shape: Shape, trajectory: readonly (readonly number[])[], more: object) {
  return {
    shape: [...shape],
    trajectory_shape: [trajectory.length, ...shape],
    trajectory_dtype: "float64",
    trajectory,
    final_float64: trajectory.at(-1),
    ...more,
  };
}

/** DDIM with η = 0 (Song et al. 2020, eq. 12) on every ⌊T / n⌋-th step. */
function ddimCase(shape: Shape, start: readonly number[], n: number) {
  const { name, abar } = chains.diffusers!;
  const stride = Math.floor(abar.length / n);
  const timesteps = Array.from({ length: n }, (_, i) => (n - 1 - i) * stride);
  let x = [...start];
  const trajectory = [x];
  for (const t of timesteps) {
    const before = abar[t - stride] ?? 1;
    const eps = gaussEps(x, shape, abar[t]!);
    x = x.map((value, i) => {
      const x0 = (value - Math.sqrt(1 - abar[t]!) * eps[i]!) / Math.sqrt(abar[t]!);
      return Math.sqrt(before) * x0 + Math.sqrt(1 - before) * eps[i]!;
    });
    trajectory.push(x);
  }
  return finished(shape, trajectory, {
    id: `generated ddim ${suffix(shape)} ${n}`,
    reference: "huggingface/diffusers",
    scheduler: "DDIMScheduler",
    model: "tilted",
    prediction: "epsilon",
    config: { num_train_timesteps: abar.length, beta_start: 2e-4, beta_end: 0.1, clip_sample: false },
    num_inference_steps: n,
    timesteps,
    alphas_cumprod: name,
    x_init: `x_T_${suffix(shape)}`,
  });
}

/** DDPM with variance β and noise at every step, as labml draws it. */
function ancestralCase(shape: Shape, start: readonly number[], noises: readonly number[]) {
  const { name, abar } = chains.labml!;
  const betas = betaFormulas.linear(abar.length);
  const size = sizeOf(shape);
  let x = [...start];
  const trajectory = [x];
  for (let t = abar.length - 1; t >= 0; t--) {
    const eps = gaussEps(x, shape, abar[t]!);
    const offset = (abar.length - 1 - t) * size;
    x = x.map((value, i) => {
      const mean = (value - (betas[t]! / Math.sqrt(1 - abar[t]!)) * eps[i]!) / Math.sqrt(1 - betas[t]!);
      return mean + Math.sqrt(betas[t]!) * noises[(offset + i) % noises.length]!;
    });
    trajectory.push(x);
  }
  return finished(shape, trajectory, {
    id: `generated labml ${suffix(shape)}`,
    reference: "labmlai/annotated_deep_learning_paper_implementations",
    sampler: "DenoiseDiffusion.p_sample for t = T-1 ... 0",
    model: "tilted",
    prediction: "epsilon",
    config: { T: abar.length },
    alphas_cumprod: name,
    x_init: `x_T_${suffix(shape)}`,
  });
}

/** Heun's method on dx/dσ = (x − D) / σ, Euler's in the last step (Karras et al. 2022, algorithm 1). */
function heunCase(shape: Shape, start: readonly number[], n: number) {
  const sigmas = ladder("karras", n, 0.1, 8);
  let x = start.map((value) => value * sigmas[0]!);
  const trajectory = [x];
  for (let i = 0; i < n; i++) {
    const [from, to] = [sigmas[i]!, sigmas[i + 1]!];
    const slope = (state: readonly number[], sigma: number) => {
      const denoised = mixture(state, sigma);
      return state.map((value, k) => (value - denoised[k]!) / sigma);
    };
    const first = slope(x, from);
    const guess = x.map((value, k) => value + (to - from) * first[k]!);
    const second = to > 0 ? slope(guess, to) : first;
    const before = x;
    x = before.map((value, k) => value + ((to - from) * (first[k]! + second[k]!)) / 2);
    trajectory.push(x);
  }
  return finished(shape, trajectory, {
    id: `generated heun ${suffix(shape)} ${n}`,
    reference: "crowsonkb/k-diffusion",
    sampler: "sample_heun",
    model: "twin",
    options: {},
    sigmas,
    model_mapping: "D(x; sigma)",
    x_init: `x_T_${suffix(shape)} * sigmas[0]`,
  });
}

/** A file in the format of samplers.json with other shapes, channels, names of models and tensors, and numbers of noises. */
export function samplersFile() {
  const inputs = shapes.map((shape, i) => ({
    shape,
    start: noise(10 + i, shape),
    noises: noise(20 + i, [6 + i, ...shape]),
  }));
  const cases = inputs.flatMap(({ shape, start, noises }) => [
    ddimCase(shape, start.data, 5),
    ddimCase(shape, start.data, 12),
    ancestralCase(shape, start.data, noises.data),
    heunCase(shape, start.data, 4),
  ]);
  const [first] = cases;
  return {
    models: { tilted: { kind: "gauss", mu: MU, s: S }, twin: { kind: "mix", m: M, s: S } },
    ...Object.fromEntries(inputs.map(({ shape, start }) => [`x_T_${suffix(shape)}`, start])),
    ...Object.fromEntries(inputs.map(({ shape, noises }) => [`noises_${suffix(shape)}`, noises])),
    alphas_cumprod_tables: Object.fromEntries(
      Object.values(chains).map(({ name, abar }) => [name, { dtype: "float64", data: abar }]),
    ),
    cases: [
      ...cases,
      { ...first, id: "unknown scheduler", scheduler: "SpiralScheduler" },
      { ...first, id: "unknown model", model: "spiral" },
      { ...first, id: "unknown prediction", prediction: "spiral" },
      { ...first, id: "unknown option", config: { twist: linspace(0, 1, 2) } },
      { ...first, id: "unknown table", alphas_cumprod: "spiral" },
      { ...first, id: "no such shape", shape: [7, 7, 7, 7] },
    ],
  };
}

/** How many cases of {@link samplersFile} are unsupported. */
export const unknownSamplers = 6;
