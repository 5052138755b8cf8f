import type { Denoiser, ImageStream } from "@ddpm/core";
import { random } from "@ddpm/core";
import { eps, l2, simple } from "@ddpm/diffusion";
import { linear, uniform } from "@ddpm/schedules";
import * as tf from "@tensorflow/tfjs-core";
import { learningRates, optimizers, type TrainingLoopOptions } from "../../src/index.ts";

/** Height and width of the toy images. */
const SIZE = 2;
const WIDTH = 6;
const CLASSES = 3;

/**
 * Two dense layers over whole images with everything that training has to look after: dropout, labels, a running
 * mean, and a weight that the output does not depend on.
 */
export function toy({ rate = 0.25, running = true }: { rate?: number; running?: boolean } = {}): Denoiser {
  const pixels = SIZE * SIZE;
  const specs = [
    { name: "in.kernel", shape: [pixels + 1, WIDTH], trainable: true },
    { name: "label.table", shape: [CLASSES + 1, WIDTH], trainable: true },
    { name: "unused", shape: [3], trainable: true },
    { name: "mean", shape: [WIDTH], trainable: false },
    { name: "out.kernel", shape: [WIDTH, pixels], trainable: true },
    { name: "out.bias", shape: [pixels], trainable: true },
  ];
  return {
    name: "toy",
    specs,
    channels: 1,
    axes: 2,
    multiple: 1,
    size: [SIZE, SIZE],
    classes: CLASSES,
    init: (stream) =>
      Object.fromEntries(
        specs.map(({ name, shape }) => {
          const size = shape.reduce((a, b) => a * b, 1);
          const values = name === "mean" ? new Float32Array(size) : stream.fork(name).normals(size);
          return [
            name,
            tf.tensor(
              values.map((value) => value / 2),
              shape,
            ),
          ];
        }),
      ),
    apply: (params, x, noise, { labels }, mode) =>
      tf.tidy(() => {
        const batch = x.shape[0];
        const flat = tf.concat(
          [tf.reshape(x, [batch, pixels]), tf.reshape(tf.div(noise, 1000), [batch, 1])],
          1,
        );
        const table = params["label.table"] as tf.Tensor2D;
        const embedding = tf.matMul(tf.oneHot(labels!, CLASSES + 1).toFloat() as tf.Tensor2D, table);
        let h: tf.Tensor = tf.tanh(tf.add(tf.matMul(flat, params["in.kernel"] as tf.Tensor2D), embedding));
        if (mode.training && running) {
          const now = tf.add(tf.mul(params.mean!, 0.9), tf.mul(tf.mean(h, 0), 0.1));
          mode.update?.("mean", now);
        }
        if (mode.training && mode.uniform && rate > 0) {
          const kept = tf.greaterEqual(mode.uniform("drop", h.shape), rate);
          h = tf.mul(h, tf.div(tf.cast(kept, "float32"), 1 - rate));
        }
        h = tf.sub(h, tf.mul(params.mean!, 0.1));
        const out = tf.add(
          tf.matMul(h as tf.Tensor2D, params["out.kernel"] as tf.Tensor2D),
          params["out.bias"]!,
        );
        return tf.reshape(out, x.shape);
      }),
  };
}

/** Image k is noise of its own around a pattern of its label. */
export const stream: ImageStream = {
  shape: [SIZE, SIZE, 1],
  length: 40,
  fingerprint: "toy",
  async read(first, count) {
    const data = new Float32Array(count * SIZE * SIZE);
    const labels = new Int32Array(count);
    for (let i = 0; i < count; i++) {
      const own = random(9).fork(first + i);
      labels[i] = own.integer(CLASSES);
      const pixels = own.normals(SIZE * SIZE);
      data.set(
        pixels.map((value, p) => 0.3 * value + (p === labels[i] ? 0.8 : -0.5)),
        i * SIZE * SIZE,
      );
    }
    return { data, shape: [count, SIZE, SIZE, 1], labels };
  },
};

/** A training with every feature on; change what a test is about. */
export function options(change: Partial<TrainingLoopOptions> = {}): TrainingLoopOptions {
  return {
    denoiser: toy(),
    parameterization: eps(),
    schedule: linear(),
    times: uniform(),
    loss: l2(),
    weight: simple(),
    images: stream,
    batch: 8,
    optimizer: optimizers.create("adamw"),
    learningRate: learningRates.create({ name: "cosine", rate: 1e-2, warmup: 3, length: 40 }),
    seed: 7,
    until: 96,
    logEvery: 24,
    ...change,
  };
}
