import { type Denoiser, fail, type Mode, type Params, type Random } from "@ddpm/core";
import { conditionFields, conditionOf, sizeOf } from "@ddpm/core/authoring";
import * as tf from "@tensorflow/tfjs-core";
import { maskNumbers } from "./dropout-masks.ts";

/** Uniform numbers that a network asks for in training. */
export interface MaskSpec {
  readonly name: string;
  /** Without the batch where `perImage`. */
  readonly shape: readonly number[];
  /** Each image has its own, which then do not depend on how images are cut into batches. */
  readonly perImage: boolean;
}

/** What a network does in training besides its output. */
export interface TrainingBehaviour {
  readonly masks: readonly MaskSpec[];
  /** Parameters it gives new values to: running statistics. */
  readonly updates: readonly string[];
}

/** Two images tell a batch axis from any other of size 1. */
export const PROBE = 2;

/** Tokens of its context. */
const TOKENS = 3;

/**
 * What networks do in training besides their output, from one run.
 *
 * @param name of what is run, for messages
 * @param run  on {@link PROBE} samples, in the mode that it receives
 */
export function behaviourOf(name: string, run: (mode: Mode) => void): TrainingBehaviour {
  const masks = new Map<string, MaskSpec>();
  const updates = new Set<string>();
  const mode: Mode = {
    training: true,
    uniform(layer, shape) {
      if (masks.has(layer))
        fail("trainer/training-behaviour", `${name} has two dropout layers named "${layer}".`);
      const perImage = shape[0] === PROBE;
      masks.set(layer, { name: layer, shape: perImage ? shape.slice(1) : shape, perImage });
      return tf.fill([...shape], 0.5);
    },
    update: (parameter) => void updates.add(parameter),
  };
  tf.tidy(() => run(mode));
  return { masks: [...masks.values()], updates: [...updates] };
}

/** Runs the network once on two empty samples to learn its {@link TrainingBehaviour}. */
export function probe(denoiser: Denoiser, params: Params, sample: readonly number[]): TrainingBehaviour {
  return behaviourOf(denoiser.name, (mode) => {
    const x = tf.zeros([PROBE, ...sample]);
    const noise = tf.ones<tf.Rank.R1>([PROBE]);
    const fields = conditionFields(denoiser, sample).map(({ name, shape, dtype }) => [
      name,
      tf.zeros([PROBE, ...shape.map((size) => (size === -1 ? TOKENS : size))], dtype),
    ]);
    denoiser.apply(params, x, noise, conditionOf(Object.fromEntries(fields)), mode);
  });
}

/**
 * The numbers for images `first … first + count − 1`: stream `dropout`, image, layer; or update, layer where a
 * layer does not distinguish images.
 *
 * @returns by layer, [count, …] or the layer's own shape
 */
export function drawMasks(
  masks: readonly MaskSpec[],
  root: Random,
  first: number,
  count: number,
  update: number,
): Params {
  const drawn: Record<string, tf.Tensor> = {};
  const images = root.fork("dropout");
  const updates = root.fork("dropout of updates");
  for (const { name, shape, perImage } of masks) {
    const size = sizeOf(shape);
    const numbers = new Float32Array(size * (perImage ? count : 1));
    const start = perImage ? images : updates;
    for (let i = 0; i * size < numbers.length; i++) {
      const stream = start.fork(perImage ? first + i : update).fork(name);
      maskNumbers(stream, numbers.subarray(i * size, (i + 1) * size));
    }
    drawn[name] = tf.tensor(numbers, perImage ? [count, ...shape] : [...shape]);
  }
  return drawn;
}
