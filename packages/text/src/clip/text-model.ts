import { expectShape, fail, option, type Params, type Plugin, type Random } from "@ddpm/core";
import type { TextModel } from "@ddpm/core/authoring";
import {
  channelLayerNorm,
  dense,
  gelu,
  initialParams,
  normal,
  quickGelu,
  type Run,
  scope,
} from "@ddpm/unet/authoring";
import * as tf from "@tensorflow/tfjs-core";
import { attentionBias } from "../layers/token-attention.ts";
import { tokenEmbedding } from "../layers/token-embedding.ts";
import { normalKernels, transformerLayer } from "../layers/transformer-layer.ts";
import { plugin } from "../plugin.ts";

/** Options of {@link clipTextModel}; meanings, ranges and defaults are in its schema. */
export interface ClipTextModelOptions {
  vocabSize?: number | undefined;
  hiddenSize?: number | undefined;
  intermediateSize?: number | undefined;
  numHiddenLayers?: number | undefined;
  numAttentionHeads?: number | undefined;
  maxPositionEmbeddings?: number | undefined;
  hiddenAct?: "quick_gelu" | "gelu" | undefined;
  layerNormEps?: number | undefined;
  eosTokenId?: number | undefined;
  projectionDim?: number | undefined;
}

const whole = () => option.number().int().min(1);

/** CLIP's text transformer, under the names of its reference; by default the one of Stable Diffusion 1. */
export const clipTextModel: Plugin<ClipTextModelOptions, TextModel> = plugin({
  name: "clip",
  about: "CLIP's text transformer: causal attention over tokens, pooled at the end of the text.",
  source: "Radford et al. 2021; huggingface/transformers modeling_clip.py CLIPTextModel",
  options: {
    vocabSize: whole().default(49408).describe("tokens of the vocabulary"),
    hiddenSize: whole().default(768).describe("numbers of a token's state"),
    intermediateSize: whole().default(3072).describe("hidden numbers of the MLPs"),
    numHiddenLayers: whole().default(12).describe("transformer layers"),
    numAttentionHeads: whole().default(12).describe("attention heads"),
    maxPositionEmbeddings: whole().default(77).describe("ids in a row, at most"),
    hiddenAct: option.choice(["quick_gelu", "gelu"]).default("quick_gelu").describe("activation of the MLPs"),
    layerNormEps: option.number().positive().default(1e-5).describe("added to the variance in layer norms"),
    eosTokenId: option
      .number()
      .int()
      .min(0)
      .default(49407)
      .describe(
        "id at whose first place a text is pooled; 2, as older configurations have it: at the largest id",
      ),
    projectionDim: whole()
      .optional()
      .describe("numbers of the pooled vector after a projection; left out, there is no projection"),
  },
  create(given): TextModel {
    const { vocabSize, hiddenSize: width, numAttentionHeads: heads, maxPositionEmbeddings } = given;
    const { numHiddenLayers, layerNormEps: eps, eosTokenId, projectionDim } = given;
    if (width % heads !== 0) fail("text/text-model", `${width} numbers do not split into ${heads} heads.`);
    const root = scope();
    const tokens = tokenEmbedding(root.child("tokens"), { tokens: vocabSize, width, initial: normal(0.02) });
    const positions = root.child("positions").param("table", [maxPositionEmbeddings, width], normal(0.02));
    const layers = Array.from({ length: numHiddenLayers }, (_, index) =>
      transformerLayer(root.child("layers").child(index), {
        width,
        heads,
        hidden: given.intermediateSize,
        act: given.hiddenAct === "gelu" ? gelu : quickGelu,
        eps,
      }),
    );
    const norm = channelLayerNorm<tf.Tensor3D>(root.child("norm"), { channels: width, eps });
    const projection =
      projectionDim === undefined
        ? undefined
        : dense(root.child("projection"), {
            ...{ in: width, out: projectionDim, bias: false },
            init: normalKernels(width ** -0.5),
          });
    const declared = [...root.declared];
    return {
      name: "clip",
      specs: declared.map(({ name, shape, trainable }) => ({ name, shape, trainable })),
      vocabulary: vocabSize,
      length: maxPositionEmbeddings,
      width,
      pooledWidth: projectionDim ?? width,
      init: (random: Random): Params => initialParams(declared, random),
      apply(params, ids, mask) {
        const [batch, length] = ids.shape;
        if (length > maxPositionEmbeddings)
          fail(
            "text/text-model",
            `rows of ${length} ids, and the model has ${maxPositionEmbeddings} positions.`,
          );
        if (mask) expectShape("text/text-model", "mask", mask.shape, [batch, length]);
        const run: Run = { params, mode: { training: false } };
        const bias = attentionBias(length, mask);
        const places = tf.slice(positions<tf.Tensor2D>(run), [0, 0], [length, width]);
        const hidden: tf.Tensor3D[] = [tf.add(tokens(run, ids), places)];
        for (const one of layers) hidden.push(one(run, hidden.at(-1)!, bias));
        const last = norm(run, hidden.at(-1)!);
        const pooled = atEnd(last, ids, eosTokenId);
        return { hidden, last, pooled: projection ? projection(run, pooled) : pooled };
      },
      normed: (params, state) => norm({ params, mode: { training: false } }, state),
    };
  },
});

/** The ids of configurations from before the end had an id of its own in them. */
const LEGACY_END = 2;

/** The state of each text's end, [B, L, width] → [B, width]. */
function atEnd(states: tf.Tensor3D, ids: tf.Tensor2D, end: number): tf.Tensor2D {
  const [batch, length, width] = states.shape;
  const found = end === LEGACY_END ? ids : tf.cast(tf.equal(ids, tf.scalar(end, "int32")), "int32");
  const place = tf.argMax(found, 1) as tf.Tensor1D;
  const chosen = tf.reshape(tf.cast(tf.oneHot(place, length), "float32"), [batch, 1, length]);
  return tf.reshape(tf.matMul(chosen as tf.Tensor3D, states), [batch, width]);
}
