import type { Denoiser } from "@ddpm/core";
import type * as tf from "@tensorflow/tfjs-core";
import { denoiserFrom } from "../../denoiser-from.ts";
import { activations } from "../../layers/activations/activations.ts";
import { gaussianWaves } from "../../layers/embeddings/gaussian-waves.ts";
import { sinusoidal } from "../../layers/embeddings/sinusoidal.ts";
import { timeMlp } from "../../layers/embeddings/time-mlp.ts";
import { asImage } from "../../layers/skeletons/signals.ts";
import { type Run, type Scope, scope } from "../../scope.ts";
import { headOf } from "./head.ts";
import { downLevel, middleLevel, upLevel } from "./levels.ts";
import type { Structure1D } from "./structure.ts";

/** The network of a {@link Structure1D}. */
export function unet1dNetwork(structure: Structure1D): Denoiser {
  const { channels, outputs, learnsVariance, multiple } = structure;
  const root = scope();
  const time = timeOf(root.child("time"), structure);
  const down = structure.down.map((level, i) => downLevel(root.child("down").child(i), level, structure));
  const middle = middleLevel(root.child("mid"), structure);
  const up = structure.up.map((level, i) => upLevel(root.child("up").child(i), level, structure));
  const head = headOf(root.child("out"), structure);
  return denoiserFrom<tf.Tensor3D>(root, {
    ...{ name: "unet1d", axes: 1, channels, multiple, learnsVariance, outputs },
    forward(run, x, noise) {
      const embedded = time(run, noise);
      const skips: tf.Tensor4D[] = [];
      let h = asImage(x);
      for (const level of down) {
        const made = level(run, h, embedded);
        skips.push(made.kept);
        h = made.h;
      }
      h = middle(run, h, embedded);
      for (const level of up) h = level(run, h, embedded, skips.pop()!);
      return head(run, h, embedded);
    },
  });
}

/** Waves of the noise level, and two dense layers where the structure has them. */
function timeOf(at: Scope, structure: Structure1D): (run: Run, noise: tf.Tensor1D) => tf.Tensor2D {
  const { waves, waveWidth, width, cosFirst, frequencyShift: shift } = structure;
  const embed =
    waves === "fourier"
      ? gaussianWaves(at, { width: waveWidth, scale: 1, cosFirst })
      : sinusoidal({ width: waveWidth, cosFirst, shift });
  if (!structure.embeds) return (run, noise) => embed(noise, run);
  const activation = activations[structure.activation];
  return timeMlp(at, { embed, in: waveWidth, hidden: 4 * width, out: width, activation });
}
