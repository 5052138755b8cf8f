import * as tf from "@tensorflow/tfjs-core";
import { overPixels } from "../../layers/attention/pixels.ts";
import type { EmbeddedBlock } from "../../layers/blocks/residual-block.ts";
import { convTranspose1d } from "../../layers/linear/conv-transpose1d.ts";
import { conv1d } from "../../layers/linear/conv1d.ts";
import type { Run, Scope } from "../../scope.ts";
import { convStage, cubicDouble, cubicHalf, joined, temporalStage } from "./stages.ts";
import type { Level1D, Structure1D } from "./structure.ts";

/** Blocks of a level of convolutions. */
const BLOCKS = 3;

/** A level on the way down: what it keeps for the way up, and what it passes on. */
export type DownLevel = (
  run: Run,
  x: tf.Tensor4D,
  embedded: tf.Tensor2D,
) => { readonly kept: tf.Tensor4D; readonly h: tf.Tensor4D };

/** A level on the way up, with what was kept on the way down. */
export type UpLevel = (run: Run, x: tf.Tensor4D, embedded: tf.Tensor2D, skip: tf.Tensor4D) => tf.Tensor4D;

/** Source: huggingface/diffusers src/diffusers/models/unets/unet_1d_blocks.py, `get_down_block`. */
export function downLevel(at: Scope, level: Level1D, { width, blocks }: Structure1D): DownLevel {
  const { kind, out } = level;
  if (kind === "temporal") {
    const apply = temporalStage(at, level, { count: blocks + 1, embedding: width });
    const halve = level.resizes && halving(at.child("down"), out);
    return (run, x, embedded) => {
      const kept = apply(run, x, embedded);
      return { kept, h: halve ? halve(run, kept) : kept };
    };
  }
  const channels = { in: level.in, middle: out, out };
  const apply = convStage(at, channels, { count: BLOCKS, attention: kind === "attention" });
  return (run, x, embedded) => {
    const h = apply(run, kind === "time" ? withTime(x, embedded) : cubicHalf(x));
    return { kept: h, h };
  };
}

/** Source: huggingface/diffusers src/diffusers/models/unets/unet_1d_blocks.py, `get_up_block`. */
export function upLevel(at: Scope, level: Level1D, { width, blocks }: Structure1D): UpLevel {
  const { kind, out } = level;
  if (kind === "temporal") {
    const channels = { in: 2 * level.in, out };
    const apply = temporalStage(at, channels, { count: blocks + 1, embedding: width });
    const double = level.resizes && convTranspose1d(at.child("up"), { in: out, out });
    return (run, x, embedded, skip) => {
      const h = apply(run, joined(x, skip), embedded);
      return double ? double(run, h) : h;
    };
  }
  const channels = { in: 2 * level.in, middle: kind === "attention" ? out : level.in, out };
  const options = { count: BLOCKS, attention: kind === "attention", last: kind === "time" };
  const apply = convStage(at, channels, options);
  return (run, x, _embedded, skip) => {
    const h = apply(run, joined(x, skip));
    return level.resizes ? cubicDouble(h) : h;
  };
}

/** Source: huggingface/diffusers src/diffusers/models/unets/unet_1d_blocks.py, `get_mid_block`. */
export function middleLevel(at: Scope, structure: Structure1D): EmbeddedBlock {
  const { middle, middleWidth: channels, width: embedding, blocks } = structure;
  if (middle === "attention") {
    const shape = { in: channels, middle: channels, out: channels };
    const apply = convStage(at, shape, { count: 2 * BLOCKS, attention: true });
    return (run, x) => cubicDouble(apply(run, cubicHalf(x)));
  }
  if (middle === "temporal") {
    const apply = temporalStage(at, { in: channels, out: channels }, { count: blocks + 1, embedding });
    const halve = structure.halvesMiddle && halving(at.child("down"), channels);
    return (run, x, embedded) => {
      const h = apply(run, x, embedded);
      return halve ? halve(run, h) : h;
    };
  }
  const stages = [2, 4].map((share, i) => {
    const [before, after] = [Math.floor((2 * channels) / share), Math.floor(channels / share)];
    return {
      block: temporalStage(at.child(i), { in: before, out: after }, { count: 1, embedding }),
      halve: halving(at.child(i).child("down"), after),
    };
  });
  return (run, x, embedded) => stages.reduce((h, { block, halve }) => halve(run, block(run, h, embedded)), x);
}

/** A convolution of stride 2. */
function halving(at: Scope, channels: number): ReturnType<typeof conv1d> {
  return conv1d(at, { in: channels, out: channels, stride: 2, padding: 1 });
}

/** The waves of the noise level as more channels of every number, after those of the signals. */
function withTime(x: tf.Tensor4D, waves: tf.Tensor2D): tf.Tensor4D {
  const ones = tf.ones([1, x.shape[1], 1, 1]);
  return tf.concat([x, tf.mul(overPixels(waves), ones)], 3) as tf.Tensor4D;
}
