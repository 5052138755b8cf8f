import { conv2d, type Scope, upsampleNearest } from "@ddpm/unet/authoring";
import { attentionBlock } from "../../layers/attention-block.ts";
import type { Block } from "../../layers/block.ts";
import type { MakeNorm } from "../../layers/norms.ts";
import { residualBlock } from "../../layers/residual-block.ts";
import { middle } from "./middle.ts";
import type { Levels } from "./structure.ts";

/** Options of {@link decoder}. */
export interface DecoderOptions {
  readonly in: number;
  readonly out: number;
  /** Norms of the decoder, which may depend on the codes. */
  readonly norm: MakeNorm;
}

/**
 * Levels of residual blocks from the coarsest to the finest, each but the last doubled at its end. Parameters `stem`, `mid`,
 * `up.N` (level N of the encoder) …, `out`.
 *
 * Source: huggingface/diffusers src/diffusers/models/autoencoders/vae.py, Decoder.
 */
export function decoder(at: Scope, levels: Levels, { in: channels, out, norm }: DecoderOptions): Block {
  const { widths } = levels;
  const stem = conv2d(at.child("stem"), { in: channels, out: widths.at(-1)! });
  const mid = middle(at.child("mid"), levels, norm);
  const up = widths.map((_, level) => level).reverse();
  const parts = up.map((level) => upLevel(at.child("up").child(level), levels, level, norm));
  const normed = norm(at.child("out").child("norm"), widths[0]!, "silu");
  const conv = conv2d(at.child("out").child("conv"), { in: widths[0]!, out });
  return (run, z, codes) => {
    let h = mid(run, stem(run, z), codes);
    for (const part of parts) h = part(run, h, codes);
    return conv(run, normed(run, h, codes));
  };
}

function upLevel(at: Scope, levels: Levels, level: number, norm: MakeNorm): Block {
  const { widths, activation, blocks, attentionUp } = levels;
  const out = widths[level]!;
  const before = widths[Math.min(widths.length - 1, level + 1)]!;
  const parts = Array.from({ length: blocks + 1 }, (_, index): Block[] => {
    const options = { in: index === 0 ? before : out, out, norm, activation };
    const block = residualBlock(at.child(`res${index}`), options);
    return attentionUp[level] ? [block, attentionBlock(at.child(`attn${index}`), out, norm)] : [block];
  }).flat();
  const double = level > 0 ? conv2d(at.child("up"), { in: out, out }) : undefined;
  return (run, x, codes) => {
    let h = x;
    for (const part of parts) h = part(run, h, codes);
    return double ? double(run, upsampleNearest(h)) : h;
  };
}
