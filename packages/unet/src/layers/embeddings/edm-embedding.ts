import type { Condition } from "@ddpm/core";
import * as tf from "@tensorflow/tfjs-core";
import type { KernelInit } from "../../initialisers.ts";
import type { Run, Scope } from "../../scope.ts";
import { silu } from "../activations/silu.ts";
import { dense } from "../linear/dense.ts";

/** Options of {@link edmEmbedding}. */
export interface EdmEmbeddingOptions {
  /** Turns the noise into columns, [B] → [B, in]. */
  readonly embed: (t: tf.Tensor1D, run: Run) => tf.Tensor2D;
  readonly in: number;
  readonly embedding: number;
  readonly classes?: number | undefined;
  /** Labels of an image's augmentation; none when left out. */
  readonly augment?: number | undefined;
  /** Where the class joins: the columns of the noise, or the embedding made of them. */
  readonly labelsJoin: "waves" | "embedding";
  readonly init: KernelInit;
  readonly labelInit: KernelInit;
  readonly augmentInit: KernelInit;
}

/**
 * The embedding that blocks receive, with its activation: noise (+ class) + augmentation → dense → SiLU → dense (+ class) → SiLU.
 * The label `classes`, or none, counts as a row of zeros. Source: NVlabs/edm training/networks.py, "Mapping".
 */
export function edmEmbedding(
  root: Scope,
  options: EdmEmbeddingOptions,
): (run: Run, noise: tf.Tensor1D, condition: Condition) => tf.Tensor2D {
  const { embed, in: width, embedding, classes, augment, init } = options;
  const early = options.labelsJoin === "waves";
  const label =
    classes === undefined
      ? undefined
      : dense(root.child("labels"), {
          in: classes,
          out: early ? width : embedding,
          bias: early,
          init: options.labelInit,
        });
  const augmented =
    augment === undefined
      ? undefined
      : dense(root.child("augment"), { in: augment, out: width, bias: false, init: options.augmentInit });
  const first = dense(root.child("time").child("dense0"), { in: width, out: embedding, init });
  const second = dense(root.child("time").child("dense1"), { in: embedding, out: embedding, init });
  return (run, noise, { labels, vector }) => {
    const classed = (x: tf.Tensor2D): tf.Tensor2D => {
      if (!label || !labels) return x;
      const row = tf.cast(tf.oneHot(labels, classes!), "float32") as tf.Tensor2D;
      return tf.add(x, label(run, early ? tf.mul(row, Math.sqrt(classes!)) : row));
    };
    let h = embed(noise, run);
    if (early) h = classed(h);
    if (augmented && vector) h = tf.add(h, augmented(run, vector));
    h = second(run, silu(first(run, h)));
    return silu(early ? h : classed(h));
  };
}
