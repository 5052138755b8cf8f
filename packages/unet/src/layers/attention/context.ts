import type { Condition } from "@ddpm/core";
import * as tf from "@tensorflow/tfjs-core";

/** What a hidden token's score is lowered by: diffusers' number, which leaves tokens alike where all are hidden. */
const HIDDEN = -10000;

/** Tokens that a network attends to. */
export interface Context {
  /** [B, L, D] */
  readonly tokens: tf.Tensor3D;
  /** Added to the scores of the tokens, [B, 1, 1, L]: 0 where a token is seen, −10000 where it is hidden. */
  readonly bias?: tf.Tensor4D | undefined;
}

/** The context of a condition, its mask as a bias; undefined where there is none. */
export function contextOf({ context, contextMask }: Condition): Context | undefined {
  if (!context) return undefined;
  if (!contextMask) return { tokens: context };
  const [batch, length] = contextMask.shape;
  const hidden = tf.sub(1, tf.cast(contextMask, "float32"));
  return { tokens: context, bias: tf.reshape(tf.mul(hidden, HIDDEN), [batch, 1, 1, length]) };
}

/** A context as tensors, for parts that need their gradients. */
export function contextTensors(context: Context | undefined): tf.Tensor[] {
  if (!context) return [];
  return context.bias ? [context.tokens, context.bias] : [context.tokens];
}

/** The context of {@link contextTensors}. */
export function contextFrom([tokens, bias]: readonly tf.Tensor[]): Context | undefined {
  return tokens && { tokens: tokens as tf.Tensor3D, bias: bias as tf.Tensor4D | undefined };
}
