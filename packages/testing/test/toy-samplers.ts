import type { Sampler } from "@ddpm/core";
import * as tf from "@tensorflow/tfjs-core";

/** DDIM written out once more, so that this package needs no other. */
export const euler: Sampler = {
  name: "euler",
  order: 1,
  step({ x, from, to, denoise }) {
    const { x0 } = denoise(x, from);
    const share = to.sigma / from.sigma;
    const next = tf.add(tf.mul(x, share), tf.mul(x0, to.alpha - from.alpha * share));
    return { x: next, prediction: { x, x0, at: from } };
  },
};

/** Ancestral steps: right mean and spread. */
export const ancestral: Sampler = {
  name: "ancestral",
  order: 0,
  step({ x, from, to, denoise, noise }) {
    const { x0 } = denoise(x, from);
    const ratio = from.alpha / to.alpha;
    const fresh = from.sigma ** 2 - (ratio * to.sigma) ** 2;
    const keep = (ratio * to.sigma ** 2) / from.sigma ** 2;
    const mean = tf.add(tf.mul(x, keep), tf.mul(x0, (to.alpha * fresh) / from.sigma ** 2));
    const scale = (Math.sqrt(fresh) * to.sigma) / from.sigma;
    return { x: tf.add(mean, tf.mul(noise(), scale)), prediction: { x, x0, at: from } };
  },
};
