import { activations, conv2d, type Layer, type Scope } from "@ddpm/unet/authoring";
import * as tf from "@tensorflow/tfjs-core";
import type { Block } from "../../layers/block.ts";
import { tinyBlock } from "./block.ts";
import type { TinyStructure } from "./structure.ts";

/**
 * Images in [−1, 1] → latents. Parameters `stem` (`stem0` … where it is strided), `down.N.conv` and `down.N.res0` …, `out`.
 *
 * Source: huggingface/diffusers src/diffusers/models/autoencoders/vae.py, EncoderTiny; madebyollin/taesd taesd.py.
 */
export function tinyEncoder(at: Scope, given: TinyStructure): Layer<tf.Tensor4D> {
  const { encoderBlockOutChannels: widths, numEncoderBlocks, activation, midBlockNorm } = given;
  const parts: Block[] = [stem(at, given)];
  for (const [level, channels] of widths.entries()) {
    const scope = at.child("down").child(level);
    if (level > 0) {
      const before = widths[level - 1]!;
      parts.push(
        conv2d(scope.child("conv"), { in: before, out: channels, stride: 2, padding: 1, bias: false }),
      );
    }
    const midNorm = midBlockNorm && level === widths.length - 1;
    for (let index = 0; index < numEncoderBlocks[level]!; index++)
      parts.push(tinyBlock(scope.child(`res${index}`), { channels, activation, midNorm }));
  }
  parts.push(conv2d(at.child("out"), { in: widths.at(-1)!, out: given.latentChannels }));
  return (run, x) => {
    let h: tf.Tensor4D = tf.div(tf.add(x, 1), 2);
    for (const part of parts) h = part(run, h);
    return h;
  };
}

function stem(
  at: Scope,
  { inChannels, stemChannels, encoderBlockOutChannels, activation }: TinyStructure,
): Block {
  const first = encoderBlockOutChannels[0]!;
  if (stemChannels.length === 0) return conv2d(at.child("stem"), { in: inChannels, out: first });
  const act = activations[activation];
  const convs = stemChannels.map((out, index) =>
    conv2d(at.child(`stem${index}`), {
      ...{ in: stemChannels[index - 1] ?? inChannels, out, stride: 2, padding: 1 },
    }),
  );
  return (run, x) => {
    let h = x;
    for (const conv of convs) h = act(conv(run, h));
    return h;
  };
}
