import { recomputableBlock } from "../../layers/blocks/recomputable-block.ts";
import { type EmbeddedBlock, residualBlock } from "../../layers/blocks/residual-block.ts";
import type { Scope } from "../../scope.ts";
import { attentionOf, type Shared, skipGroups } from "./parts.ts";

export interface MiddleOptions {
  readonly attentionMiddle: boolean;
  readonly middleNorm: number | null;
  readonly middleScale: number;
}

/**
 * Two blocks at the coarsest level with attention between them.
 * Source: huggingface/diffusers src/diffusers/models/unets/unet_2d_blocks.py, UNetMidBlock2D.
 */
export function unet2dMiddle(
  at: Scope,
  shared: Shared,
  channels: number,
  { attentionMiddle, middleNorm, middleScale }: MiddleOptions,
): EmbeddedBlock {
  const groups = shared.groups ?? skipGroups(channels);
  const more = middleScale === 1 ? {} : { outputScale: middleScale };
  const { embedding, eps, dropout, activation, scaleShift } = shared;
  const block = (name: string): EmbeddedBlock =>
    recomputableBlock(at, () =>
      residualBlock(at.child(name), {
        in: channels,
        out: channels,
        embedding,
        groups: () => groups,
        eps,
        dropout,
        activation,
        scaleShift,
        ...more,
      }),
    );
  const before = block("res0");
  const attend = attentionMiddle
    ? attentionOf(at.child("attn"), shared, channels, { groups: middleNorm ?? undefined, ...more })
    : undefined;
  const after = block("res1");
  return (run, x, embedded) => {
    const h = before(run, x, embedded);
    return after(run, attend ? attend(run, h) : h, embedded);
  };
}
