import * as tf from "@tensorflow/tfjs-core";
import type { Layer, Scope } from "../../scope.ts";
import { type Part, recomputable } from "../blocks/recompute.ts";
import type { EmbeddedBlock } from "../blocks/residual-block.ts";
import { conv2d } from "../linear/conv2d.ts";
import { upsampleNearest } from "../resampling/upsample-nearest.ts";

/** Options of {@link twinSkips}. */
export interface TwinSkipsOptions {
  /** Channels that come in, after the first convolution. */
  readonly stem: number;
  /** Channels of each level, the finest first. */
  readonly widths: readonly number[];
  block(at: Scope, channelsIn: number, out: number): EmbeddedBlock;
  /** Attention with its residual; `level` is undefined in the middle. */
  attention(at: Scope, channels: number, level: number | undefined): Layer<tf.Tensor4D>;
  /** How levels follow each other; as in images when left out. */
  readonly steps?: LevelSteps;
}

/** What leads from a level to the next coarser or finer one; `resizes` is false at the last level of either way. */
export interface LevelSteps {
  down(at: Scope, options: LevelStep): Layer<tf.Tensor4D>;
  up(at: Scope, options: LevelStep): Layer<tf.Tensor4D>;
}

/** Channels before and after a step between levels, and whether it halves or doubles the sides. */
interface LevelStep {
  readonly in: number;
  readonly out: number;
  readonly resizes: boolean;
}

/** Halving by space-to-depth and a 1×1 convolution (here one 2×2 convolution of stride 2), doubling by repeating and a convolution. */
const imageSteps: LevelSteps = {
  down: (at, { resizes, ...channels }) =>
    conv2d(at, { ...channels, ...(resizes ? { kernel: 2, stride: 2, padding: 0 } : { kernel: 3 }) }),
  up(at, { resizes, ...channels }) {
    const conv = conv2d(at, channels);
    return (run, x) => conv(run, resizes ? upsampleNearest(x) : x);
  },
};

/**
 * The skeleton of lucidrains' U-Net: two blocks and attention per level, two skips per level, the stem's output
 * concatenated before a last block. [B, H, W, stem] → [B, H, W, stem].
 * Blocks and attention are {@link recomputable}.
 */
export function twinSkips(root: Scope, options: TwinSkipsOptions): EmbeddedBlock {
  const { stem, widths, steps = imageSteps } = options;
  const { block, attention } = recomputableParts(root, options);
  const deepest = widths.length - 1;
  const down = widths.map((out, level) => {
    const at = root.child("down").child(level);
    const wide = widths[level - 1] ?? stem;
    return {
      first: block(at.child("block0"), wide, wide),
      second: block(at.child("block1"), wide, wide),
      attention: attention(at.child("attn"), wide, level),
      onwards: steps.down(at.child("down"), { in: wide, out, resizes: level < deepest }),
    };
  });
  const middle = root.child("mid");
  const narrowest = widths[deepest]!;
  const before = block(middle.child("block0"), narrowest, narrowest);
  const midAttention = attention(middle.child("attn"), narrowest, undefined);
  const after = block(middle.child("block1"), narrowest, narrowest);
  const up = widths
    .map((wide, level) => {
      const at = root.child("up").child(level);
      const next = widths[level - 1] ?? stem;
      return {
        first: block(at.child("block0"), wide + next, wide),
        second: block(at.child("block1"), wide + next, wide),
        attention: attention(at.child("attn"), wide, level),
        onwards: steps.up(at.child("up"), { in: wide, out: next, resizes: level > 0 }),
      };
    })
    .reverse();
  const last = block(root.child("out").child("block"), 2 * stem, stem);

  return (run, x, embedded) => {
    let h = x;
    const skips: tf.Tensor4D[] = [];
    for (const { first, second, attention, onwards } of down) {
      h = first(run, [embedded, h]);
      skips.push(h);
      h = attention(run, [second(run, [embedded, h])]);
      skips.push(h);
      h = onwards(run, h);
    }
    h = before(run, [embedded, h]);
    h = after(run, [embedded, midAttention(run, [h])]);
    for (const { first, second, attention, onwards } of up) {
      h = first(run, [embedded, h, skips.pop()!]);
      h = second(run, [embedded, h, skips.pop()!]);
      h = attention(run, [h]);
      h = onwards(run, h);
    }
    return last(run, [embedded, h, x]);
  };
}

/** What a level consists of, recomputed in the backward pass where that is asked for. */
function recomputableParts(
  root: Scope,
  options: TwinSkipsOptions,
): {
  block(at: Scope, channelsIn: number, out: number): Part;
  attention(at: Scope, channels: number, level: number | undefined): Part;
} {
  return {
    block: (at, channelsIn, out) =>
      recomputable(root, () => {
        const made = options.block(at, channelsIn, out);
        return (run, tensors) => {
          const [embedded, x, skip] = tensors as [tf.Tensor2D, tf.Tensor4D, tf.Tensor4D?];
          return made(run, skip ? tf.concat([x, skip], 3) : x, embedded);
        };
      }),
    attention: (at, channels, level) =>
      recomputable(root, () => {
        const made = options.attention(at, channels, level);
        return (run, [x]) => made(run, x as tf.Tensor4D);
      }),
  };
}
