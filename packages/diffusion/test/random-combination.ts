import {
  type Denoise,
  type Denoiser,
  type DenoiseWrapper,
  isDdpmError,
  type NoiseSchedule,
  type Parameterization,
  type Plugin,
  type Random,
  random,
} from "@ddpm/core";
import { schedules, spacings } from "@ddpm/schedules";
import * as tf from "@tensorflow/tfjs-core";
import { perSample } from "../src/authoring.ts";
import {
  classifierFree,
  classifierGuidance,
  denoiseWith,
  parameterizations,
  samplers,
  samplingLoop,
  wrappers,
} from "../src/index.ts";
import { oneOf, randomOptions } from "./random-options.ts";

type Options = Readonly<Record<string, unknown>>;

/** A sampling run, as JSON: it can be printed and repeated. */
export interface Combination {
  readonly schedule: Options & { readonly name: string };
  readonly spacing: Options & { readonly name: string };
  readonly sampler: Options & { readonly name: string };
  readonly parameterization: Options & { readonly name: string };
  readonly guidance?: Options;
  readonly wrapper?: Options & { readonly name: string };
  readonly steps: number;
  /** [B, …, C] */
  readonly shape: readonly number[];
  readonly seed: number;
}

/**
 * Options that a schema cannot draw, that only fit each other, or whose random values may never end (gains of a step-size
 * controller).
 */
const fixed: Readonly<Record<string, (own: Random, steps: number) => Options>> = {
  custom: (own) => ({
    betas: oneOf(own, [[0.01, 0.1, 0.3, 0.5], [0.2], [0.1, 1], [0.9999, 0.9999, 0.9999]]),
  }),
  shifted: (own) => ({ imageSize: oneOf(own, [32, 64, 256]) }),
  "zero-terminal": (own) => ({ of: oneOf(own, ["linear", "cosine", { name: "linear", steps: 3 }]) }),
  "log-snr-cosine": (own) => ({ logSnrMin: oneOf(own, [-15, -5, -40]), logSnrMax: oneOf(own, [15, 5]) }),
  vp: (own) => ({ betaMin: oneOf(own, [0.1, 0.001]), betaMax: oneOf(own, [20, 2, 200]) }),
  ve: (own) => ({ sigmaMin: oneOf(own, [0.02, 0.5]), sigmaMax: oneOf(own, [100, 1, 5000]) }),
  "dpm-adaptive": (own) => ({
    ...{ proportional: 0, integral: 1, derivative: 0, safety: 0.81 },
    ...{ relative: 0.5, absolute: 0.1, first: oneOf(own, [0.05, 2]) },
  }),
  "dpm-fast": (own, steps) => ({ calls: oneOf(own, [undefined, 3 * steps - 1, 3 * steps - 3 || 1]) }),
  clip: (own) => oneOf(own, [{}, { min: 0, max: 1 }, { min: -0.1, max: 0.1 }]),
  list: (own, steps) => ({
    times: oneOf(own, [
      [1, 0.5, 0.001],
      [0.9, 1e-6, 1e-9],
    ]).slice(0, steps),
  }),
  sections: () => ({ counts: undefined }),
};

function drawn<Product>(
  own: Random,
  plugin: Plugin<never, Product>,
  more: Options = {},
  steps = 1,
): Options & { readonly name: string } {
  const options = randomOptions(own, plugin, { ...more, ...fixed[plugin.name]?.(own, steps) });
  return { ...options, name: plugin.name };
}

/** A spacing that fits the schedule, most of the time. */
function spacingOf(own: Random, schedule: string, steps: number): Options & { readonly name: string } {
  const chain = "steps" in schedules.get(schedule).schema.shape;
  const fits = ({ name }: { readonly name: string }): boolean =>
    chain || own.uniform() < 0.05 || ["even", "karras", "exponential", "beta", "list"].includes(name);
  const plugin = oneOf(own, spacings.plugins.filter(fits));
  const { shape } = plugin.schema;
  const ends =
    "sigmaMin" in shape
      ? { sigmaMin: oneOf(own, [undefined, 0.01]), sigmaMax: oneOf(own, [undefined, undefined, 80, 2]) }
      : {};
  const start = "lambdaMin" in shape ? { lambdaMin: oneOf(own, [undefined, undefined, -5.1]) } : {};
  return drawn(own, plugin, { ...ends, ...start }, steps);
}

function scheduleOf(own: Random): Options & { readonly name: string } {
  const plugin = oneOf(own, schedules.plugins);
  const table = "steps" in plugin.schema.shape;
  const steps = oneOf(own, [1, 2, 3, 5, 20, 100, 1000]);
  return own.uniform() < 0.4
    ? { name: plugin.name, ...fixed[plugin.name]?.(own, 1), ...(table ? { steps } : {}) }
    : drawn(own, plugin, table ? { steps } : {});
}

function guidanceOf(own: Random, batch: number): Options | undefined {
  const kind = own.uniform();
  if (kind < 0.4) return undefined;
  if (kind < 0.55) return { name: "classifier", shift: oneOf(own, ["mean", "score"]) };
  const scale = oneOf<number | readonly number[]>(own, [0, 1, 3, Array.from({ length: batch }, (_, i) => i)]);
  const of = oneOf(own, ["x0", "eps"]);
  return { name: "classifier-free", scale, rescale: oneOf(own, [0, 0.7, 1]), of, plus: own.uniform() < 0.3 };
}

/** The combination of a seed. */
export function combinationOf(seed: number): Combination {
  const own = random(seed);
  const shape = [
    oneOf(own, [1, 2, 3]),
    oneOf(own, [1, 2, 3]),
    oneOf(own, [1, 2, 5]),
    oneOf(own, [1, 2, 3, 4]),
  ] as const;
  const guidance = guidanceOf(own, shape[0]);
  const steps = oneOf(own, [1, 2, 3]);
  const schedule = scheduleOf(own);
  return {
    schedule,
    spacing: spacingOf(own, schedule.name, steps),
    sampler: drawn(own, oneOf(own, samplers.plugins), {}, steps),
    parameterization: drawn(own, oneOf(own, parameterizations.plugins)),
    ...(guidance ? { guidance } : {}),
    ...(own.uniform() < 0.5 ? { wrapper: drawn(own, oneOf(own, wrappers.plugins)) } : {}),
    steps,
    shape,
    seed,
  };
}

/** A network whose output is bounded, and depends on its input, the noise level and the class. */
function network(shape: readonly number[], learnsVariance: boolean, shift: number): Denoiser {
  return {
    name: "bounded",
    specs: [],
    channels: shape.at(-1)!,
    axes: shape.length - 2,
    multiple: 1,
    ...(learnsVariance ? { learnsVariance } : {}),
    init: () => ({}),
    apply(_params, x, noise) {
      const level = perSample(tf.sin(noise), x);
      const f = tf.tanh(tf.add(tf.add(tf.mul(x, 0.7), tf.mul(level, 0.3)), shift));
      return learnsVariance ? tf.concat([f, tf.square(f)], -1) : f;
    },
  };
}

function guided(
  { guidance, sampler, shape }: Combination,
  parameterization: Parameterization,
  schedule: NoiseSchedule,
): Denoise {
  const learned = String(sampler.variance).startsWith("learned");
  const plain = (shift: number): Denoise =>
    denoiseWith({ denoiser: network(shape, learned, shift), params: {}, parameterization, schedule });
  if (!guidance) return plain(0.1);
  const { name, ...options } = guidance;
  if (name === "classifier") {
    const gradient = (x: tf.Tensor): tf.Tensor => tf.neg(tf.tanh(x));
    return classifierGuidance({ gradient, ...(options as { shift: "mean" | "score" }) })(plain(0.1));
  }
  return classifierFree({
    conditional: plain(0.1),
    unconditional: plain(-0.2),
    ...(options as { scale: number; rescale: number; of: "x0" | "eps"; plus: boolean }),
  });
}

/** What a combination ends with: the samples, or the sentence that refuses it. Anything else is thrown. */
export async function outcomeOf(combination: Combination): Promise<Float32Array | string> {
  const { spacing, sampler, wrapper, steps, shape, seed } = combination;
  const patience = { aborted: false };
  try {
    const schedule = schedules.create(combination.schedule);
    const parameterization = parameterizations.create(combination.parameterization);
    const wrap: DenoiseWrapper = wrapper ? wrappers.create(wrapper) : (same) => same;
    const frames = samplingLoop({
      denoise: wrap(guided(combination, parameterization, schedule)),
      schedule,
      sampler: samplers.create(sampler),
      times: spacings.create(spacing).times(steps, schedule),
      shape,
      random: random(seed),
      signal: patience,
    });
    for await (const { step, done, x } of frames) {
      if (step > 2000) patience.aborted = true;
      if (!done) continue;
      const images = x.dataSync() as Float32Array;
      x.dispose();
      return images;
    }
    throw new Error("a sampling run ends with its last frame");
  } catch (error) {
    if (isDdpmError(error)) return error.message;
    throw error;
  }
}
