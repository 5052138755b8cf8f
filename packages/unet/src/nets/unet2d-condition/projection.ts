import type { Condition } from "@ddpm/core";
import * as tf from "@tensorflow/tfjs-core";
import { type Context, contextOf } from "../../layers/attention/context.ts";
import { dense } from "../../layers/linear/dense.ts";
import { onTokens } from "../../layers/linear/on-tokens.ts";
import { channelLayerNorm } from "../../layers/norms/channel-layer-norm.ts";
import type { Run, Scope } from "../../scope.ts";
import type { ConditionInputs } from "./inputs.ts";
import type { VectorParts } from "./vector-parts.ts";

/** Tokens that are made of an image's embedding, alone and next to a text's. */
const [IMAGE_TOKENS, IMAGE_TOKENS_WITH_TEXT] = [32, 10];

type Projection = (run: Run, condition: Condition, parts: VectorParts) => Context | undefined;

/** The tokens that levels attend to: the context, or what is projected from it and from an image's embedding. */
export function contextProjection(at: Scope, given: ConditionInputs): Projection {
  const { projection, context, attended } = given;
  if (projection === "none" || attended === undefined) return (_run, condition) => contextOf(condition);
  if (projection === "text") {
    const project = onTokens(dense(at.child("text"), { in: context!, out: attended }));
    return (run, condition) => {
      const { tokens, bias } = contextOf(condition)!;
      return { tokens: project(run, tokens), bias };
    };
  }
  const count = projection === "image" ? IMAGE_TOKENS : IMAGE_TOKENS_WITH_TEXT;
  const image = dense(at.child("image"), { in: given.vectorParts.image!, out: count * attended });
  const ofImage = (run: Run, parts: VectorParts): tf.Tensor3D =>
    tf.reshape(image(run, parts.image!), [-1, count, attended]);
  if (projection === "image") {
    const norm = channelLayerNorm<tf.Tensor3D>(at.child("norm"), { channels: attended });
    return (run, _condition, parts) => ({ tokens: norm(run, ofImage(run, parts)) });
  }
  const text = onTokens(dense(at.child("text"), { in: context!, out: attended }));
  return (run, condition, parts) => {
    const { tokens, bias } = contextOf(condition)!;
    return {
      tokens: tf.concat([ofImage(run, parts), text(run, tokens)], 1),
      bias:
        bias &&
        tf.pad(bias, [
          [0, 0],
          [0, 0],
          [0, 0],
          [count, 0],
        ]),
    };
  };
}
