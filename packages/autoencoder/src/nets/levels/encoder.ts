import { conv2d, type Layer, type Scope } from "@ddpm/unet/authoring";
import type * as tf from "@tensorflow/tfjs-core";
import { attentionBlock } from "../../layers/attention-block.ts";
import type { Block } from "../../layers/block.ts";
import { residualBlock } from "../../layers/residual-block.ts";
import { middle } from "./middle.ts";
import type { Levels } from "./structure.ts";

/**
 * Levels of residual blocks, each but the last halved at its end by a strided convolution padded at the right and bottom.
 * Parameters `stem`, `down.0` …, `mid`, `out`.
 *
 * Source: huggingface/diffusers src/diffusers/models/autoencoders/vae.py, Encoder.
 */
export function encoder(
  at: Scope,
  levels: Levels,
  { in: channels, out }: { readonly in: number; readonly out: number },
): Layer<tf.Tensor4D> {
  const { widths, norm } = levels;
  const first = conv2d(at.child("stem"), { in: channels, out: widths[0]! });
  const down = widths.map((_, level) => downLevel(at.child("down").child(level), levels, level));
  const last = widths.at(-1)!;
  const mid = middle(at.child("mid"), levels, norm);
  const normed = norm(at.child("out").child("norm"), last, "silu");
  const conv = conv2d(at.child("out").child("conv"), { in: last, out });
  return (run, x) => {
    let h = first(run, x);
    for (const level of down) h = level(run, h);
    return conv(run, normed(run, mid(run, h)));
  };
}

function downLevel(at: Scope, levels: Levels, level: number): Block {
  const { widths, norm, activation, blocks, attentionDown } = levels;
  const out = widths[level]!;
  const before = widths[Math.max(0, level - 1)]!;
  const parts = Array.from({ length: blocks }, (_, index): Block[] => {
    const options = { in: index === 0 ? before : out, out, norm, activation };
    const block = residualBlock(at.child(`res${index}`), options);
    return attentionDown[level] ? [block, attentionBlock(at.child(`attn${index}`), out, norm)] : [block];
  }).flat();
  // For even sizes, "same" pads one pixel at the right and bottom.
  const halve =
    level < widths.length - 1
      ? conv2d(at.child("down"), { in: out, out, stride: 2, padding: "same" })
      : undefined;
  return (run, x) => {
    let h = x;
    for (const part of parts) h = part(run, h);
    return halve ? halve(run, h) : h;
  };
}
