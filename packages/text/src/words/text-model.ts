import { expectShape, fail, option, type Params, type Plugin, type Random } from "@ddpm/core";
import type { TextModel } from "@ddpm/core/authoring";
import { channelLayerNorm, gelu, initialParams, normal, type Run, scope } from "@ddpm/unet/authoring";
import * as tf from "@tensorflow/tfjs-core";
import { paddingBias } from "../layers/token-attention.ts";
import { tokenEmbedding } from "../layers/token-embedding.ts";
import { transformerLayer } from "../layers/transformer-layer.ts";
import { plugin } from "../plugin.ts";

/** Options of {@link textTransformer}; meanings, ranges and defaults are in its schema. */
export interface TextTransformerOptions {
  vocabulary: number;
  length?: number | undefined;
  width?: number | undefined;
  layers?: number | undefined;
  heads?: number | undefined;
}

const whole = () => option.number().int().min(1);

/** A small transformer in which every token sees all others, to be trained with its denoiser. */
export const textTransformer: Plugin<TextTransformerOptions, TextModel> = plugin({
  name: "transformer",
  about: "A small transformer in which every token sees all others, pooled as the mean.",
  source: "Vaswani et al. 2017, encoder, with norms before the layers",
  options: {
    vocabulary: whole().describe("tokens of the vocabulary"),
    length: whole().default(32).describe("ids in a row, at most"),
    width: whole().default(64).describe("numbers of a token's state"),
    layers: whole().default(2).describe("transformer layers"),
    heads: whole().default(4).describe("attention heads"),
  },
  create({ vocabulary, length, width, layers: depth, heads }): TextModel {
    const where = "text/text-model";
    if (width % heads !== 0) fail(where, `${width} numbers do not split into ${heads} heads.`);
    const root = scope();
    const tokens = tokenEmbedding(root.child("tokens"), { tokens: vocabulary, width, initial: normal(0.5) });
    const positions = root.child("positions").param("table", [length, width], normal(0.5));
    const eps = 1e-5;
    const layers = Array.from({ length: depth }, (_, index) =>
      transformerLayer(root.child("layers").child(index), {
        width,
        heads,
        hidden: 4 * width,
        act: gelu,
        eps,
      }),
    );
    const norm = channelLayerNorm<tf.Tensor3D>(root.child("norm"), { channels: width, eps });
    const declared = [...root.declared];
    return {
      name: "transformer",
      specs: declared.map(({ name, shape, trainable }) => ({ name, shape, trainable })),
      vocabulary,
      length,
      width,
      pooledWidth: width,
      init: (random: Random): Params => initialParams(declared, random),
      apply(params, ids, mask = tf.onesLike(ids)) {
        const [batch, given] = ids.shape;
        if (given > length) fail(where, `rows of ${given} ids, and the model has ${length} positions.`);
        expectShape(where, "mask", mask.shape, [batch, given]);
        const run: Run = { params, mode: { training: false } };
        const places = tf.slice(positions<tf.Tensor2D>(run), [0, 0], [given, width]);
        const hidden: tf.Tensor3D[] = [tf.add(tokens(run, ids), places)];
        const bias = paddingBias(mask);
        for (const layer of layers) hidden.push(layer(run, hidden.at(-1)!, bias));
        const last = norm(run, hidden.at(-1)!);
        return { hidden, last, pooled: meanOfSeen(last, mask) };
      },
      normed: (params, state) => norm({ params, mode: { training: false } }, state),
    };
  },
});

/** The mean of the states that are seen, [B, L, width] → [B, width]; 0 where none is. */
function meanOfSeen(states: tf.Tensor3D, mask: tf.Tensor2D): tf.Tensor2D {
  const [batch, length, width] = states.shape;
  const seen = tf.reshape(tf.cast(mask, "float32"), [batch, 1, length]) as tf.Tensor3D;
  const sum = tf.reshape(tf.matMul(seen, states), [batch, width]);
  return tf.div(sum, tf.maximum(tf.sum(seen, 2), 1));
}
