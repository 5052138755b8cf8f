import { fail } from "@ddpm/core";
import type * as tf from "@tensorflow/tfjs-core";
import type { ActivationName } from "../../layers/activations/activations.ts";
import { attentionBlock } from "../../layers/attention/attention-block.ts";
import { adaGroupBlock } from "../../layers/blocks/ada-group-block.ts";
import { recomputableBlock } from "../../layers/blocks/recomputable-block.ts";
import { recomputable } from "../../layers/blocks/recompute.ts";
import {
  type EmbeddedBlock,
  type ResidualBlockOptions,
  residualBlock,
} from "../../layers/blocks/residual-block.ts";
import type { Embedded } from "../../layers/skeletons/image-flow.ts";
import type { Layer, Run, Scope } from "../../scope.ts";
import { isK, type LevelKind } from "./kinds.ts";

/** What the parts of one network have in common. */
export interface Shared {
  readonly embedding: number;
  readonly blocks: number;
  /** Of the norms; null in networks of skip levels, whose norms have groups of their own. */
  readonly groups: number | null;
  readonly eps: number;
  readonly dropout: number;
  readonly activation: ActivationName;
  readonly scaleShift: boolean;
  readonly headWidth?: number | undefined;
  /** Of the strided convolution; `end` is `same` for sizes that two does not divide, as PyTorch pads them. */
  readonly padding: "same" | "symmetric" | "end";
  readonly halving: "conv" | "block";
  readonly doubling: "conv" | "block";
  /** Blocks of levels that resample in blocks receive the embedding without its activation. */
  readonly rawEmbedding?: boolean;
  /** Divides the sums of the same blocks; 1 when left out. */
  readonly blockScale?: number;
  /** How levels attend to a context. */
  readonly context?: ContextOptions | undefined;
}

/** How the levels of a network attend to a context. */
export interface ContextOptions {
  /** Width of its tokens. */
  readonly width: number;
  /** Heads of the transformers. */
  readonly heads: number;
  /** Blocks of each transformer of the level. */
  readonly layers: readonly number[];
  /** Pixels attend to the context alone. */
  readonly only: boolean;
  /** Of its tokens, in `joined` levels. */
  readonly norm?: "layer" | "group" | undefined;
}

/** Attention over the pixels of a level. */
export type Attend = (run: Run, x: tf.Tensor4D, embedded: Embedded) => tf.Tensor4D;

type BlockMore = Partial<Pick<ResidualBlockOptions, "groupsIn" | "resample" | "project" | "outputScale">>;

/** Levels with a picture divide sums by this. */
export const SKIP_SCALE: number = Math.SQRT2;
/** Channels of a group in the norms of `k` levels. */
export const GROUP_SIZE = 32;

/** Groups of the norms in levels with a picture. */
export function skipGroups(channels: number): number {
  return Math.max(1, Math.min(Math.floor(channels / 4), 32));
}

/** A residual block of the usual levels, or with `outputScale` of √2 and its own groups of those with a picture. */
export function blockOf(
  at: Scope,
  shared: Shared,
  channelsIn: number,
  out: number,
  kind: LevelKind,
  more: BlockMore = {},
): EmbeddedBlock {
  const { embedding, eps, dropout, activation, scaleShift } = shared;
  const skip = kind === "skip" || kind === "skip-attention";
  const options = {
    in: channelsIn,
    out,
    embedding,
    groups: skip ? skipGroups : () => groupsOf(shared),
    eps,
    dropout,
    activation,
    scaleShift,
    ...(skip ? { outputScale: SKIP_SCALE } : {}),
    ...(resamplesInBlocks(kind) && shared.blockScale ? { outputScale: shared.blockScale } : {}),
    ...more,
  };
  return recomputableBlock(at, () => residualBlock(at, options));
}

/** Levels whose halving and doubling are residual blocks whatever the options. */
export function resamplesInBlocks(kind: LevelKind): boolean {
  return kind === "block" || kind === "joined";
}

/** The embedding that the blocks of a level receive. */
export function receivedBy(
  kind: LevelKind,
  { rawEmbedding = false }: Shared,
  { raw, active }: Embedded,
): tf.Tensor2D {
  return isK(kind) || (rawEmbedding && resamplesInBlocks(kind)) ? raw : active;
}

/** A block of `k` levels: groups of {@link GROUP_SIZE} channels, the second norm's count taken from `width`. */
export function adaBlockOf(
  at: Scope,
  shared: Shared,
  channelsIn: number,
  out: number,
  width: number,
  hidden: number = out,
): EmbeddedBlock {
  const groups = [channelsIn, width].map((channels) => Math.floor(channels / GROUP_SIZE)) as [number, number];
  if (groups.includes(0)) {
    fail("unet/unet2d", `k levels of ${Math.min(channelsIn, width)} channels.`, "They need 32 or more.");
  }
  const { embedding, eps, dropout, activation } = shared;
  const options = { in: channelsIn, out, hidden, embedding, groups, eps, dropout, activation };
  return recomputableBlock(at, () => adaGroupBlock(at, options));
}

/** Attention of a level of that kind, over as many whole heads as fit; 32 groups in levels with a picture. */
export function attentionOf(
  at: Scope,
  shared: Shared,
  channels: number,
  norm: { readonly groups: number | undefined; readonly outputScale?: number },
): Layer<tf.Tensor4D> {
  const headWidth = shared.headWidth ?? channels;
  const heads = Math.floor(channels / headWidth);
  if (heads === 0) fail("unet/unet2d", `${channels} channels make no head of ${headWidth}.`);
  const options = { channels, eps: shared.eps, heads, headWidth, ...norm };
  const part = recomputable(at, () => {
    const attend = attentionBlock(at, options);
    return (run, [x]) => attend(run, x as tf.Tensor4D);
  });
  return (run, x) => part(run, [x]);
}

/** The groups of the usual norms. @throws DdpmError where the options leave them out */
export function groupsOf({ groups }: Shared): number {
  return (
    groups ?? fail("unet/unet2d", "normNumGroups is null.", "Only networks of skip levels need no number.")
  );
}
