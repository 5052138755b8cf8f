import { activations, conv2d, type Layer, resample, type Scope, upsampleNearest } from "@ddpm/unet/authoring";
import * as tf from "@tensorflow/tfjs-core";
import type { Block } from "../../layers/block.ts";
import { tinyBlock } from "./block.ts";
import type { TinyStructure, UpsampleFn } from "./structure.ts";

/** Latents are bent into (−3, 3) by a hyperbolic tangent. */
const BOUND = 3;

/**
 * Latents → images in [−1, 1]. Parameters `stem`, `up.N.res0` … and `up.N.conv` (N counts from the finest level), `out`.
 *
 * Source: huggingface/diffusers src/diffusers/models/autoencoders/vae.py, DecoderTiny; madebyollin/taesd taesd.py.
 */
export function tinyDecoder(at: Scope, given: TinyStructure): Layer<tf.Tensor4D> {
  const { decoderBlockOutChannels: widths, numDecoderBlocks, activation, midBlockNorm } = given;
  const stem = conv2d(at.child("stem"), { in: given.latentChannels, out: widths[0]! });
  const parts: Block[] = [];
  for (const [index, channels] of widths.entries()) {
    const scope = at.child("up").child(widths.length - 1 - index);
    const midNorm = midBlockNorm && index === 0;
    for (let block = 0; block < numDecoderBlocks[index]!; block++)
      parts.push(tinyBlock(scope.child(`res${block}`), { channels, activation, midNorm }));
    const next = widths[index + 1];
    if (next === undefined) continue;
    parts.push(enlargement(given.upsampleFn, given.upsamplingScalingFactor));
    parts.push(conv2d(scope.child("conv"), { in: channels, out: next, bias: false }));
  }
  const last = conv2d(at.child("out"), { in: widths.at(-1)!, out: given.outChannels });
  const act = activations[activation];
  return (run, z) => {
    let h = act(stem(run, tf.mul(tf.tanh(tf.div(z, BOUND)), BOUND)));
    for (const part of parts) h = part(run, h);
    return tf.sub(tf.mul(last(run, h), 2), 1);
  };
}

function enlargement(way: UpsampleFn, factor: number): Block {
  const method = way === "nearest-exact" ? "nearest" : way;
  if (method === "nearest" && factor === 2) return (_run, x) => upsampleNearest(x);
  return (_run, x) => resample(x, [factor * x.shape[1], factor * x.shape[2]], { method });
}
