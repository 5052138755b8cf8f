import type { Condition } from "@ddpm/core";
import * as tf from "@tensorflow/tfjs-core";
import { type ActivationName, activations } from "../../layers/activations/activations.ts";
import { gaussianWaves } from "../../layers/embeddings/gaussian-waves.ts";
import { labelEmbedding } from "../../layers/embeddings/label-embedding.ts";
import { sinusoidal } from "../../layers/embeddings/sinusoidal.ts";
import { vectorMlp } from "../../layers/embeddings/vector-mlp.ts";
import { dense } from "../../layers/linear/dense.ts";
import type { Embedded } from "../../layers/skeletons/image-flow.ts";
import type { Run, Scope } from "../../scope.ts";
import { addedEmbedding } from "./addition.ts";
import type { ConditionInputs } from "./inputs.ts";
import type { VectorParts } from "./vector-parts.ts";

/** What the embedding is made of besides {@link ConditionInputs}. */
export interface ConditionEmbeddingOptions extends ConditionInputs {
  /** Channels of the first level. */
  readonly width: number;
  readonly activation: ActivationName;
}

type Waves = (t: tf.Tensor1D, run: Run) => tf.Tensor2D;

/**
 * The embedding that the blocks receive: waves of the noise and the guidance's numbers through two dense layers, plus the class, plus
 * what joins of text, sizes or an image. Source: huggingface/diffusers src/diffusers/models/embeddings.py, TimestepEmbedding;
 * unets/unet_2d_condition.py.
 */
export function conditionEmbedding(
  root: Scope,
  options: ConditionEmbeddingOptions,
): (run: Run, noise: tf.Tensor1D, condition: Condition, parts: VectorParts) => Embedded {
  const { embedding, vectorParts, timeActivation, wholeActivation } = options;
  const at = root.child("time");
  const waves = wavesOf(at, options);
  const width = options.waves === "fourier" ? embedding : options.width;
  const act = activations[options.activation];
  const guidance = vectorParts.guidance
    ? dense(at.child("guidance"), { in: vectorParts.guidance, out: width, bias: false })
    : undefined;
  const mlp = vectorMlp(at, { in: width, hidden: embedding, activation: act });
  const ofClass = classEmbedding(root.child("labels"), options, waves, width);
  const added = addedEmbedding(root.child("added"), options);
  const concatenated = options.blockEmbedding > embedding;
  const after = (name: ActivationName | undefined, x: tf.Tensor2D): tf.Tensor2D =>
    name ? activations[name](x) : x;
  return (run, noise, condition, parts) => {
    const columns = waves(noise, run);
    const joined: tf.Tensor2D = guidance ? tf.add(columns, guidance(run, parts.guidance!)) : columns;
    let raw = after(timeActivation, mlp(run, joined));
    if (ofClass) {
      const part = ofClass(run, condition, parts);
      raw = concatenated ? tf.concat([raw, part], 1) : tf.add(raw, part);
    }
    if (added) raw = tf.add(raw, added(run, condition, parts));
    raw = after(wholeActivation, raw);
    return { raw, active: act(raw) };
  };
}

function wavesOf(
  at: Scope,
  { width, waves, embedding, cosFirst, frequencyShift }: ConditionEmbeddingOptions,
): Waves {
  if (waves === "fourier") return gaussianWaves(at, { width: embedding, scale: 1, cosFirst });
  return sinusoidal({ width, cosFirst, shift: frequencyShift });
}

/** The class's part of the embedding; undefined where there is none. */
function classEmbedding(
  at: Scope,
  { classKind, classes, classNone, embedding, activation, vectorParts }: ConditionEmbeddingOptions,
  waves: Waves,
  width: number,
): ((run: Run, condition: Condition, parts: VectorParts) => tf.Tensor2D) | undefined {
  if (classKind === "none") return undefined;
  if (classKind === "vector") return (_run, _condition, parts) => parts.class!;
  if (classKind === "table") {
    const table = labelEmbedding(at, { classes: classes!, width: embedding, none: classNone });
    return (run, { labels }) => table(run, labels!);
  }
  if (classKind === "waves") {
    const mlp = vectorMlp(at, { in: width, hidden: embedding, activation: activations[activation] });
    return (run, { labels }) => {
      const known = tf.cast(tf.notEqual(labels!, tf.scalar(classes!, "int32")), "float32");
      return tf.mul(mlp(run, waves(tf.cast(labels!, "float32"), run)), tf.reshape(known, [-1, 1]));
    };
  }
  const sizes = { in: vectorParts.class!, hidden: embedding, out: embedding };
  const layer = classKind === "mlp" ? vectorMlp(at, sizes) : dense(at, sizes);
  return (run, _condition, parts) => layer(run, parts.class!);
}
