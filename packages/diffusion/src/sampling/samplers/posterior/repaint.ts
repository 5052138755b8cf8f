import { expectShape, type Sampler } from "@ddpm/core";
import * as tf from "@tensorflow/tfjs-core";
import { ancestralStep } from "../../arithmetic/ancestral.ts";
import { combine } from "../../arithmetic/combine.ts";
import { moveTo, predict } from "../../prediction.ts";

/** What {@link repaint} keeps, and how. */
export interface RepaintOptions {
  /** The images to keep a part of, [B, …, C] in [−1, 1], lent for the whole trajectory. */
  readonly image: tf.Tensor;
  /** 1 where the image is kept, 0 where it is painted: [B, …, C], or broadcast to it; lent. */
  readonly mask: tf.Tensor;
  /** Share of ancestral noise, 0 … 1; 1. */
  readonly eta?: number;
}

/**
 * Inpainting: each step down puts the known part in, noised to the step's level with the noise of the step; a step up
 * noises everything again, so that the parts grow together. {@link repaintTimes} makes such a path.
 *
 * Source: Lugmayr et al. 2022, "RePaint", algorithm 1; diffusers RePaintScheduler.
 */
export function repaint({ image, mask, eta = 1 }: RepaintOptions): Sampler {
  return {
    name: "repaint",
    order: 0,
    memory: 1,
    step({ x, from, to, denoise, noise, history: [last] }) {
      expectShape("diffusion/repaint", "image", image.shape, x.shape);
      if (to.t > from.t) {
        const ratio = to.alpha / from.alpha;
        const fresh = Math.sqrt(to.sigma ** 2 - (ratio * from.sigma) ** 2);
        return { x: combine([ratio, x], [fresh, noise()]), prediction: last ?? { x, x0: x, at: from } };
      }
      const prediction = predict(x, from, denoise);
      const { down, up } = ancestralStep(from, to, eta);
      const eps = noise();
      const painted = combine([1, moveTo(prediction, down)], [up, eps]);
      const known = combine([to.alpha, image], [to.sigma, eps]);
      const mixed = tf.add(tf.mul(mask, known), tf.mul(tf.sub(1, mask), painted));
      return { x: mixed, prediction };
    },
  };
}

/**
 * A path for {@link repaint}: down the given times, and after every `length` of them `repeats − 1` times back up and
 * down again.
 *
 * Source: Lugmayr et al. 2022, algorithm 1 and appendix B.
 *
 * @param times   from noise to 0, as a spacing makes them
 * @param length  j: steps of one jump
 * @param repeats r: how often each stretch is gone
 */
export function repaintTimes(times: ArrayLike<number>, length: number, repeats: number): Float64Array {
  const down = Array.from(times);
  const last = down.length - 1;
  const left = new Map<number, number>();
  for (let i = last - length; i > 0; i -= length) left.set(i, repeats - 1);
  const path: number[] = [down[0]!];
  let i = 0;
  while (i < last) {
    path.push(down[++i]!);
    const again = left.get(i) ?? 0;
    if (again === 0 || i < length) continue;
    left.set(i, again - 1);
    for (let k = 0; k < length; k++) path.push(down[--i]!);
  }
  return Float64Array.from(path);
}
