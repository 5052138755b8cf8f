import { fail } from "@ddpm/core";
import type * as tf from "@tensorflow/tfjs-core";
import { type ContextAttention, joinedAttention } from "../../layers/attention/joined-attention.ts";
import { imageTransformer } from "../../layers/blocks/image-transformer.ts";
import { type ModulatedAttention, modulatedAttention } from "../../layers/blocks/modulated-attention.ts";
import { recomputable } from "../../layers/blocks/recompute.ts";
import { channelLayerNorm } from "../../layers/norms/channel-layer-norm.ts";
import { tokenGroupNorm } from "../../layers/norms/token-group-norm.ts";
import type { Layer, Scope } from "../../scope.ts";
import type { LevelKind } from "./kinds.ts";
import { type Attend, attentionOf, type ContextOptions, GROUP_SIZE, groupsOf, type Shared } from "./parts.ts";

/**
 * The attention after residual block `index` of a level; undefined where its kind has none there.
 *
 * @param at scope of the level
 */
export function attendOf(
  at: Scope,
  shared: Shared,
  kind: LevelKind,
  { channels, index }: { readonly channels: number; readonly index: number },
): Attend | undefined {
  if (kind === "attention") {
    const attend = attentionOf(at.child(`attn${index}`), shared, channels, { groups: groupsOf(shared) });
    return (run, x) => attend(run, x);
  }
  if (kind === "context") return transformerOf(at.child(`transformer${index}`), shared, channels, index);
  if (kind === "joined") return joinedOf(at.child(`attn${index}`), shared, channels);
  return undefined;
}

function transformerOf(at: Scope, shared: Shared, channels: number, index: number): Attend {
  const { width, heads, layers, only } = contextOptions(shared);
  if (heads > channels) fail("unet/unet2d", `${channels} channels make no ${heads} heads.`);
  const count =
    layers[index] ??
    fail("unet/unet2d", `${layers.length} numbers of layers for transformer ${index + 1} of a level.`);
  const more = { context: width, layers: count, onlyContext: only };
  return attending(at, () => imageTransformer(at, { channels, groups: groupsOf(shared), heads, ...more }));
}

function joinedOf(at: Scope, shared: Shared, channels: number): Attend {
  const { width, only, norm } = contextOptions(shared);
  const headWidth = shared.headWidth ?? channels;
  const heads = Math.floor(channels / headWidth);
  if (heads === 0) fail("unet/unet2d", `${channels} channels make no head of ${headWidth}.`);
  if (norm === "layer" && width !== channels) {
    fail(
      "unet/unet2d",
      `a layer norm over ${channels} channels of a context of ${width}.`,
      "Make them equal.",
    );
  }
  const norms: Record<string, (scope: Scope) => Layer<tf.Tensor3D>> = {
    layer: (scope) => channelLayerNorm<tf.Tensor3D>(scope, { channels: width }),
    group: (scope) => tokenGroupNorm(scope, { channels: width, groups: 32 }),
  };
  const options = { channels, groups: groupsOf(shared), heads, headWidth, context: width, onlyContext: only };
  return attending(at, () => joinedAttention(at, { ...options, contextNorm: norm && norms[norm] }));
}

function contextOptions({ context }: Shared): ContextOptions {
  return context ?? fail("unet/unet2d", "levels that attend to a context, of no width.");
}

/**
 * The attention of `k-context` levels, over as many whole heads as fit.
 *
 * @param own whether pixels attend to each other first
 */
export function modulatedOf(at: Scope, shared: Shared, channels: number, own: boolean): Attend {
  const { width } = contextOptions(shared);
  const headWidth = shared.headWidth ?? channels;
  const heads = Math.floor(channels / headWidth);
  if (heads === 0) fail("unet/unet2d", `${channels} channels make no head of ${headWidth}.`);
  const groups = Math.max(1, Math.floor(channels / GROUP_SIZE));
  const options = { channels, groups, heads, headWidth, context: width, attendsToPixels: own };
  const { embedding } = shared;
  return attending(at, () => modulatedAttention(at, { ...options, embedding }));
}

/** Attention to a context, recomputed in the backward pass where the mode asks for it. */
function attending(at: Scope, make: () => ContextAttention | ModulatedAttention): Attend {
  const part = recomputable(at, () => {
    const attend = make();
    return (run, tensors) => {
      const [x, tokens, raw, bias] = tensors as [tf.Tensor4D, tf.Tensor3D, tf.Tensor2D, tf.Tensor4D?];
      return attend(run, x, { tokens, bias }, raw);
    };
  });
  return (run, x, { context, raw }) => {
    if (!context) fail("unet/unet2d", "the level has no context.");
    const { tokens, bias } = context;
    return part(run, [x, tokens, raw, ...(bias ? [bias] : [])]);
  };
}
