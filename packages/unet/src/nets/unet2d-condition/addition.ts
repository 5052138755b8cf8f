import type { Condition } from "@ddpm/core";
import * as tf from "@tensorflow/tfjs-core";
import { normal } from "../../initialisers.ts";
import { attend, splitHeads } from "../../layers/attention/attention.ts";
import { sinusoidal } from "../../layers/embeddings/sinusoidal.ts";
import { vectorMlp } from "../../layers/embeddings/vector-mlp.ts";
import { dense } from "../../layers/linear/dense.ts";
import { onTokens } from "../../layers/linear/on-tokens.ts";
import { channelLayerNorm } from "../../layers/norms/channel-layer-norm.ts";
import type { Layer, Run, Scope } from "../../scope.ts";
import type { ConditionInputs } from "./inputs.ts";
import type { VectorParts } from "./vector-parts.ts";

type Added = (run: Run, condition: Condition, parts: VectorParts) => tf.Tensor2D;

/**
 * What joins the embedding: the pooled context; a text's embedding with sizes and places (SDXL); an image's embedding, alone or with
 * a text's (Kandinsky). Undefined where nothing does.
 */
export function addedEmbedding(at: Scope, given: ConditionInputs): Added | undefined {
  const { addition, embedding, vectorParts, sizeWaves, cosFirst, frequencyShift } = given;
  if (addition === "none") return undefined;
  if (addition === "text") return pooledText(at, given);
  if (addition === "text_time") {
    const { text, sizes } = vectorParts as { text: number; sizes: number };
    const waves = sinusoidal({ width: sizeWaves, cosFirst, shift: frequencyShift });
    const mlp = vectorMlp(at, { in: text + sizes * sizeWaves, hidden: embedding });
    return (run, _condition, parts) => {
      const numbers = tf.reshape(parts.sizes!, [-1]) as tf.Tensor1D;
      const columns = tf.reshape(waves(numbers), [-1, sizes * sizeWaves]) as tf.Tensor2D;
      return mlp(run, tf.concat([parts.text!, columns], 1));
    };
  }
  const image = dense(at.child("image"), { in: vectorParts.image!, out: embedding });
  if (addition === "image") {
    const norm = channelLayerNorm<tf.Tensor2D>(at.child("imageNorm"), { channels: embedding });
    return (run, _condition, parts) => norm(run, image(run, parts.image!));
  }
  const text = dense(at.child("text"), { in: vectorParts.text!, out: embedding });
  const norm = channelLayerNorm<tf.Tensor2D>(at.child("textNorm"), { channels: embedding });
  return (run, _condition, parts) => tf.add(image(run, parts.image!), norm(run, text(run, parts.text!)));
}

/** The context's tokens pooled by attention. Source: huggingface/diffusers embeddings.py, TextTimeEmbedding. */
function pooledText(at: Scope, { context, embedding, poolHeads }: ConditionInputs): Added {
  const width = context!;
  const norm1 = channelLayerNorm<tf.Tensor3D>(at.child("norm1"), { channels: width });
  const pool = attentionPooling(at.child("pool"), width, poolHeads);
  const project = dense(at.child("proj"), { in: width, out: embedding });
  const norm2 = channelLayerNorm<tf.Tensor2D>(at.child("norm2"), { channels: embedding });
  return (run, condition) => norm2(run, project(run, pool(run, norm1(run, condition.context!))));
}

/** The mean token, moved by a learned position, attends to itself and all tokens: [B, L, width] → [B, width]. */
function attentionPooling(
  at: Scope,
  width: number,
  heads: number,
): (run: Run, x: tf.Tensor3D) => tf.Tensor2D {
  const position = at.param("position", [1, width], normal(width ** -0.5));
  const project = (name: string): Layer<tf.Tensor3D> =>
    onTokens(dense(at.child(name), { in: width, out: width }));
  const [k, q, v] = [project("k"), project("q"), project("v")];
  return (run, x) => {
    const mean: tf.Tensor3D = tf.add(tf.mean(x, 1, true), position(run));
    const all = tf.concat([mean, x], 1);
    const split = (y: tf.Tensor3D): tf.Tensor4D => splitHeads(y, heads);
    const pooled = attend({ q: split(q(run, mean)), k: split(k(run, all)), v: split(v(run, all)) });
    return tf.reshape(pooled, [-1, width]);
  };
}
