import * as tf from "@tensorflow/tfjs";
import { isRecord, unsupported } from "../result.ts";
import type { PipelineCase } from "./case.ts";
import type { Inputs } from "./inputs.ts";
import { type Parts, SIZES } from "./parts.ts";

/** What a network receives of texts: states, and of SDXL's kind a vector. */
export interface TextCondition {
  readonly context: tf.Tensor3D;
  readonly vector?: tf.Tensor2D;
}

/** The condition of the prompts, and that which guidance leads away from. */
export interface TextConditions {
  readonly text: TextCondition;
  readonly without: TextCondition;
}

/** The final states of the first text encoder. */
export function statesOf(parts: Parts, ids: tf.Tensor2D): tf.Tensor3D {
  const { network, params } = parts.textModel("text_encoder");
  return tf.tidy(() => network.apply(params, ids).last);
}

/** The conditions of a case. */
export function conditionsOf(parts: Parts, inputs: Inputs, golden: PipelineCase): TextConditions {
  const { promptIds, negativeIds } = inputs;
  const skip = golden.clip_skip;
  if (golden.pipeline === "xl") {
    const zeros = golden.negative_is_zeros === true;
    const [own, negative] = sizesOf(golden, inputs);
    return {
      text: largeText(parts, promptIds, own, skip),
      without: zeroed(largeText(parts, negativeIds, negative, skip), zeros),
    };
  }
  const context = (ids: tf.Tensor2D): tf.Tensor3D => {
    if (!skip) return statesOf(parts, ids);
    const { network, params } = parts.textModel("text_encoder");
    return tf.tidy(() => {
      const { hidden } = network.apply(params, ids);
      return network.normed(params, hidden[hidden.length - 1 - skip]!);
    });
  };
  return { text: { context: context(promptIds) }, without: { context: context(negativeIds) } };
}

/** States before the last layer of both encoders, or so many layers before, next to each other; the pooled text of the second, and sizes. */
function largeText(parts: Parts, ids: tf.Tensor2D, sizes: readonly number[], skip = 0): TextCondition {
  const [first, second] = ["text_encoder", "text_encoder_2"].map((name) => parts.textModel(name));
  return tf.tidy(() => {
    const states = [first!, second!].map(({ network, params }) => network.apply(params, ids));
    const context = tf.concat(
      states.map(({ hidden }) => hidden[hidden.length - 2 - skip]!),
      2,
    ) as tf.Tensor3D;
    const rows = tf.tile(tf.tensor2d([...sizes], [1, SIZES]), [ids.shape[0], 1]);
    return { context, vector: tf.concat([states[1]!.pooled, rows], 1) as tf.Tensor2D };
  });
}

/** Zeros for both texts, where the pipeline takes them for an empty negative prompt; sizes stay. */
function zeroed({ context, vector }: TextCondition, zeros: boolean): TextCondition {
  if (!zeros) return { context, ...(vector ? { vector } : {}) };
  return tf.tidy(() => {
    const width = vector!.shape[1] - SIZES;
    const sizes = tf.slice(vector!, [0, width], [-1, SIZES]);
    const pooled = tf.zeros<tf.Rank.R2>([vector!.shape[0], width]);
    return { context: tf.zerosLike(context), vector: tf.concat([pooled, sizes], 1) as tf.Tensor2D };
  });
}

/**
 * original_size, crop and target_size, each height and width, of both halves: sizes that are left out are those of the image, and those
 * of the unconditional half count where the original's and the target's are both given.
 */
function sizesOf({ extra }: PipelineCase, { image }: Inputs): readonly [number[], number[]] {
  const whole = image.shape.slice(1, 3);
  const pair = (name: string, otherwise: readonly number[]): readonly number[] => {
    const given = extra[name];
    return Array.isArray(given) ? (given as number[]) : otherwise;
  };
  const of = (prefix: string): number[] => [
    ...pair(`${prefix}original_size`, whole),
    ...pair(`${prefix}crops_coords_top_left`, [0, 0]),
    ...pair(`${prefix}target_size`, whole),
  ];
  const own = of("");
  const others = extra.negative_original_size && extra.negative_target_size;
  return [own, others ? of("negative_") : own];
}

/** A number among the further arguments of a case. */
export function extraNumber({ extra }: PipelineCase, name: string): number {
  const value = isRecord(extra) ? extra[name] : undefined;
  return typeof value === "number" ? value : unsupported(`the case has no ${name}`);
}
