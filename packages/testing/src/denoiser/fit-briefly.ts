import { type Condition, type Denoiser, type Mode, type Params, random } from "@ddpm/core";
import { sizeOf } from "@ddpm/core/authoring";
import * as tf from "@tensorflow/tfjs-core";

/** A denoiser after a few updates, and what its gradients were like. */
export interface Fit {
  /** Fresh tensors of the fitted parameters, the caller's to dispose. */
  params(): Params;
  /** Parameters whose gradient was not finite. */
  readonly broken: readonly string[];
  /** Parameters, not dead, that never had a gradient. */
  readonly still: readonly string[];
  /** Parameters declared dead that had one. */
  readonly moving: readonly string[];
}

interface Task {
  x(): tf.Tensor;
  noise(): tf.Tensor1D;
  target(): tf.Tensor;
  condition(): Condition;
  isDead(name: string): boolean;
}

/** Zero-initialised ends let gradients through one layer more with every update. */
const UPDATES = 5;

/** Every update moves each parameter by at most this much, whatever its gradient. */
const STEP = 0.03;

/** Trains for a few updates of a fixed length, towards random targets, with dropout. */
export async function fitBriefly(denoiser: Denoiser, task: Task): Promise<Fit> {
  const learned = denoiser.specs.filter(({ trainable }) => trainable).map(({ name }) => name);
  const seen = new Set<string>();
  const broken = new Set<string>();
  let params = denoiser.init(random(3));
  for (let update = 0; update < UPDATES; update++) {
    const kept: Record<string, tf.Tensor> = {};
    const stream = random(4).fork(update);
    const mode: Mode = {
      training: true,
      uniform: (name, shape) => tf.tensor(stream.fork(name).uniforms(sizeOf(shape)), [...shape]),
      update(name, value) {
        kept[name]?.dispose();
        kept[name] = tf.keep(value.clone());
      },
    };
    const grads = tf.tidy(() => {
      const [x, noise, target, condition] = [task.x(), task.noise(), task.target(), task.condition()];
      return tf.grads((...given: tf.Tensor[]) => {
        const now: Params = { ...params, ...Object.fromEntries(learned.map((name, i) => [name, given[i]!])) };
        const loss = tf.mean(tf.square(tf.sub(denoiser.apply(now, x, noise, condition, mode), target)));
        // TensorFlow.js refuses gradients of what a loss does not touch: touch everything, without effect.
        const touched = given.reduce((sum, value) => tf.add(sum, tf.sum(value)));
        return tf.add(loss, tf.mul(0, tf.sum(touched))) as tf.Scalar;
      })(learned.map((name) => params[name]!));
    });
    const next: Record<string, tf.Tensor> = { ...params };
    for (const [i, name] of learned.entries()) {
      const values = await grads[i]!.data();
      let largest = 0;
      for (const value of values) {
        if (!Number.isFinite(value)) broken.add(name);
        largest = Math.max(largest, Math.abs(value));
      }
      if (largest > 0) {
        seen.add(name);
        next[name] = tf.tidy(() => tf.sub(params[name]!, tf.mul(grads[i]!, STEP / largest)));
        params[name]!.dispose();
      }
      grads[i]!.dispose();
    }
    for (const [name, value] of Object.entries(kept)) {
      next[name]?.dispose();
      next[name] = value;
    }
    params = next;
  }
  const values = await Promise.all(
    Object.entries(params).map(async ([name, value]) => ({
      name,
      shape: value.shape,
      data: await value.data(),
    })),
  );
  tf.dispose({ ...params });
  return {
    params: () => Object.fromEntries(values.map(({ name, shape, data }) => [name, tf.tensor(data, shape)])),
    broken: [...broken],
    still: learned.filter((name) => !seen.has(name) && !task.isDead(name)),
    moving: learned.filter((name) => seen.has(name) && task.isDead(name)),
  };
}
