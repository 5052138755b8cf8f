import { type Condition, fail } from "@ddpm/core";
import * as tf from "@tensorflow/tfjs-core";
import { type ActivationName, activations } from "../../layers/activations/activations.ts";
import { gaussianWaves } from "../../layers/embeddings/gaussian-waves.ts";
import { labelEmbedding } from "../../layers/embeddings/label-embedding.ts";
import { sinusoidal } from "../../layers/embeddings/sinusoidal.ts";
import { timeMlp } from "../../layers/embeddings/time-mlp.ts";
import type { Embedded } from "../../layers/skeletons/image-flow.ts";
import type { Run, Scope } from "../../scope.ts";

export interface EmbeddingOptions {
  /** Of the first level. */
  readonly width: number;
  readonly embedding: number;
  readonly activation: ActivationName;
  readonly waves: "sinusoidal" | "fourier" | "learned";
  readonly steps?: number | undefined;
  readonly cosFirst: boolean;
  readonly frequencyShift: number;
  readonly classes?: number | undefined;
  readonly classKind: "table" | "waves" | "vector";
  readonly classNone: boolean;
}

/**
 * The embedding that the blocks receive: waves of the noise through two dense layers, plus the class.
 * Source: huggingface/diffusers src/diffusers/models/embeddings.py.
 *
 * @throws DdpmError for a learned table without a number of rows
 */
export function unet2dEmbedding(
  root: Scope,
  options: EmbeddingOptions,
): (run: Run, noise: tf.Tensor1D, condition: Condition) => Embedded {
  const { embedding, classes, classKind } = options;
  const embed = wavesOf(root.child("time"), options);
  const mlp = { embed, in: options.waves === "fourier" ? 2 * options.width : options.width };
  const time = timeMlp(root.child("time"), { ...mlp, hidden: embedding });
  const label = classes === undefined || classKind === "vector" ? undefined : byLabel(classes);
  const act = activations[options.activation];
  return (run, noise, { labels, vector }) => {
    let raw = time(run, noise);
    if (label && labels) raw = tf.add(raw, label(run, labels));
    if (vector) raw = tf.add(raw, vector);
    return { raw, active: act(raw) };
  };

  function byLabel(classes: number): (run: Run, labels: tf.Tensor1D) => tf.Tensor2D {
    const at = root.child("labels");
    if (classKind === "table") {
      return labelEmbedding(at, { classes, width: embedding, none: options.classNone });
    }
    const ofNumber = timeMlp(at, { ...mlp, hidden: embedding });
    return (run, labels) => {
      const known = tf.cast(tf.notEqual(labels, tf.scalar(classes, "int32")), "float32");
      return tf.mul(ofNumber(run, tf.cast(labels, "float32")), tf.reshape(known, [-1, 1]));
    };
  }
}

function wavesOf(at: Scope, options: EmbeddingOptions): (t: tf.Tensor1D, run: Run) => tf.Tensor2D {
  const { width, waves, steps, cosFirst, frequencyShift: shift } = options;
  if (waves === "sinusoidal") return sinusoidal({ width, cosFirst, shift });
  if (waves === "fourier") {
    const random = gaussianWaves(at, { width: 2 * width });
    return (t, run) => random(tf.log(t), run);
  }
  const rows =
    steps ??
    fail("unet/unet2d", "a learned table of the noise has no length.", 'Set the option "numTrainTimesteps".');
  const table = labelEmbedding(at, { classes: rows, width, none: false });
  return (t, run) => table(run, tf.cast(tf.round(t), "int32"));
}
