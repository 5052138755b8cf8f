import { recomputableBlock } from "../../layers/blocks/recomputable-block.ts";
import { type EmbeddedBlock, residualBlock } from "../../layers/blocks/residual-block.ts";
import type { Scope } from "../../scope.ts";
import type { LevelKind } from "./kinds.ts";
import { type Attend, receivedBy, type Shared, skipGroups } from "./parts.ts";

export interface MiddleOptions {
  readonly kind: LevelKind;
  readonly channels: number;
  /** Divides the sums of the blocks. */
  readonly scale: number;
  /** Declares the attention between the blocks; none when left out. */
  readonly attend?: (() => Attend) | undefined;
  /** Only the first block, without attention. */
  readonly single?: boolean;
}

/**
 * Two blocks at the coarsest level with attention between them.
 * Source: huggingface/diffusers src/diffusers/models/unets/unet_2d_blocks.py, UNetMidBlock2D.
 */
export function unet2dMiddle(
  at: Scope,
  shared: Shared,
  { kind, channels, scale, attend: declared, single = false }: MiddleOptions,
): Attend {
  const groups = shared.groups ?? skipGroups(channels);
  const more = scale === 1 ? {} : { outputScale: scale };
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
  if (single) return (run, x, embedded) => before(run, x, receivedBy(kind, shared, embedded));
  const attend = declared?.();
  const after = block("res1");
  return (run, x, embedded) => {
    const received = receivedBy(kind, shared, embedded);
    const h = before(run, x, received);
    return after(run, attend ? attend(run, h, embedded) : h, received);
  };
}
