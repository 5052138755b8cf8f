import type { Denoiser, Plugin } from "@ddpm/core";
import * as tf from "@tensorflow/tfjs-core";
import * as z from "zod";
import { denoiserFrom } from "../denoiser-from.ts";
import { hoInit } from "../initialisers.ts";
import { inputChannels, inputOptions, inputsOf } from "../input.ts";
import { edmBlock } from "../layers/blocks/edm-block.ts";
import { recomputableBlock } from "../layers/blocks/recomputable-block.ts";
import type { EmbeddedBlock } from "../layers/blocks/residual-block.ts";
import { edmEmbedding } from "../layers/embeddings/edm-embedding.ts";
import { gaussianWaves } from "../layers/embeddings/gaussian-waves.ts";
import { sinusoidal } from "../layers/embeddings/sinusoidal.ts";
import { filterDouble, filterHalf } from "../layers/resampling/filter-resample.ts";
import { outputOptions } from "../output.ts";
import { plugin } from "../plugin.ts";
import { positiveInteger } from "../positive-integer.ts";
import { type ChannelOptions, channelOptions, channelsIn } from "../reference-channels.ts";
import { type Scope, scope } from "../scope.ts";
import { edmAttention } from "./edm-attention.ts";
import { imageOut, imageSeen } from "./song-picture.ts";

const count = z.number().int().nonnegative().default(0);

/** Options of {@link song}; meanings, ranges and defaults are in its schema. */
export interface SongOptions extends ChannelOptions {
  imgResolution?: number;
  labelDim?: number;
  augmentDim?: number;
  modelChannels?: number;
  channelMult?: number[];
  channelMultEmb?: number;
  numBlocks?: number;
  attnResolutions?: number[];
  dropout?: number;
  embeddingType?: "positional" | "fourier";
  channelMultNoise?: number;
  encoderType?: "standard" | "skip" | "residual";
  decoderType?: "standard" | "skip";
  resampleFilter?: number[];
}

const options = {
  imgResolution: positiveInteger
    .default(32)
    .describe(
      "pixels of a side, by which attnResolutions names levels; images of other sizes are taken, too",
    ),
  ...channelOptions,
  labelDim: count.describe("classes of the labels; 0: the network takes none"),
  augmentDim: count.describe("numbers of condition.vector that say how an image was augmented; 0: none"),
  modelChannels: positiveInteger.multipleOf(2).default(128).describe("width that the multipliers multiply"),
  channelMult: z
    .array(positiveInteger)
    .min(1)
    .default([1, 2, 2, 2])
    .describe("channels of each level, in modelChannels"),
  channelMultEmb: positiveInteger.default(4).describe("width of the embedding, in modelChannels"),
  numBlocks: positiveInteger
    .default(4)
    .describe("residual blocks per level on the way down; one more on the way up"),
  attnResolutions: z
    .array(positiveInteger)
    .default([16])
    .describe(
      "sides of levels with attention: after each block down, after the last block up; sides that no level has are ignored",
    ),
  dropout: z.number().min(0).lt(1).default(0.1).describe("dropout rate in each block"),
  embeddingType: z
    .enum(["positional", "fourier"])
    .default("positional")
    .describe("of the noise: sinusoids (DDPM++), or random waves (NCSN++)"),
  channelMultNoise: positiveInteger
    .default(1)
    .describe("columns of the waves, in modelChannels: 1 (DDPM++), 2 (NCSN++)"),
  encoderType: z
    .enum(["standard", "skip", "residual"])
    .default("standard")
    .describe(
      "how levels see the image again: not at all (DDPM++), added, or along a residual path (NCSN++)",
    ),
  decoderType: z
    .enum(["standard", "skip"])
    .default("standard")
    .describe("the output comes from the finest level, or is summed over all levels"),
  resampleFilter: z
    .array(z.number())
    .default([1, 1])
    .describe("filter of every halving and doubling: [1, 1] (DDPM++), [1, 3, 3, 1] (NCSN++)"),
  ...inputOptions,
  ...outputOptions,
};

/** Song's DDPM++ and NCSN++ as EDM has them, under the names of its SongUNet. */
export const song: Plugin<SongOptions, Denoiser> = plugin({
  name: "song",
  about: "DDPM++ and NCSN++ as trained by EDM: its SongUNet's arguments in camel case.",
  source: "Song et al. 2021, appendix H; Karras et al. 2022; NVlabs/edm training/networks.py, SongUNet",
  options,
  create(given): Denoiser {
    const { modelChannels: width, channelMult, resampleFilter: taps } = given;
    const classes = given.labelDim || undefined;
    const augment = given.augmentDim || undefined;
    const counted = channelsIn("unet/song", given);
    const inputs = { ...given, ...counted };
    const root = scope();
    const widths = channelMult.map((multiplier) => multiplier * width);
    const deepest = widths.length - 1;
    const attendedLevels = edmAttention(given);
    const init = hoInit();
    const lastInit = hoInit(0);
    const embedding = given.channelMultEmb * width;
    const waveWidth = given.channelMultNoise * width;
    const half = filterHalf({ taps });
    const twice = filterDouble({ taps });
    const block = (
      at: Scope,
      index: number | "down" | "up",
      channelsIn: number,
      out: number,
      more: { heads?: number; resample?: (x: tf.Tensor4D) => tf.Tensor4D } = {},
    ): EmbeddedBlock =>
      recomputableBlock(at, () =>
        edmBlock(at, index, {
          in: channelsIn,
          out,
          embedding,
          dropout: given.dropout,
          eps: 1e-6,
          outputScale: Math.SQRT2,
          scaleShift: false,
          init,
          lastInit,
          attentionInit: hoInit(0.2),
          ...more,
          project: "resample" in more,
        }),
      );
    const embed = edmEmbedding(root, {
      embed:
        given.embeddingType === "fourier"
          ? gaussianWaves(root.child("time"), { width: waveWidth })
          : sinusoidal({ width: waveWidth }),
      in: waveWidth,
      embedding,
      classes,
      augment,
      labelsJoin: "waves",
      init,
      labelInit: init,
      augmentInit: init,
    });

    const taken = inputChannels(inputs);
    const seen = imageSeen({ kind: given.encoderType, channels: taken, taps, init });
    const attended = (level: number): number => (attendedLevels.includes(level) ? 1 : 0);
    const stem = seen.stem(root, width);
    const kept = [width];
    const down = widths.map((out, level) => {
      const at = root.child("down").child(level);
      const wide = widths[level - 1] ?? width;
      const halve = level === 0 ? undefined : block(at, "down", wide, wide, { resample: half });
      const again = level === 0 ? undefined : seen.level(at, wide);
      const stages = Array.from({ length: given.numBlocks }, (_, index) =>
        block(at, index, index === 0 ? wide : out, out, { heads: attended(level) }),
      );
      kept.push(...(level === 0 ? [] : [wide]), ...stages.map(() => out));
      return { halve, again, stages };
    });
    const middle = root.child("mid");
    const lowest = widths[deepest]!;
    const centre = [block(middle, 0, lowest, lowest, { heads: 1 }), block(middle, 1, lowest, lowest)];
    const painted = imageOut({ kind: given.decoderType, channels: counted.outputs, taps, lastInit });
    const up = widths
      .map((out, level) => ({ out, level, at: root.child("up").child(level) }))
      .reverse()
      .map(({ out, level, at }) => {
        const wide = widths[level + 1] ?? lowest;
        const double = level === deepest ? undefined : block(at, "up", wide, wide, { resample: twice });
        const stages = Array.from({ length: given.numBlocks + 1 }, (_, index) =>
          block(at, index, (index === 0 ? wide : out) + kept.pop()!, out, {
            heads: index === given.numBlocks ? attended(level) : 0,
          }),
        );
        return { double, stages, paint: painted(at, out, level === 0) };
      });

    return denoiserFrom(root, {
      name: "song",
      ...counted,
      multiple: 2 ** deepest,
      classes,
      vector: augment,
      ...inputsOf(inputs),
      forward(run, x, noise, condition) {
        const embedded = embed(run, noise, condition);
        let h = stem(run, x);
        let picture = x;
        const skips = [h];
        for (const { halve, again, stages } of down) {
          if (halve && again) {
            ({ h, picture } = again(run, { h: halve(run, h, embedded), picture }));
            skips.push(h);
          }
          for (const stage of stages) {
            h = stage(run, h, embedded);
            skips.push(h);
          }
        }
        for (const stage of centre) h = stage(run, h, embedded);
        let image: tf.Tensor4D | undefined;
        for (const { double, stages, paint } of up) {
          if (double) h = double(run, h, embedded);
          for (const stage of stages) h = stage(run, tf.concat([h, skips.pop()!], 3), embedded);
          image = paint(run, h, image);
        }
        return image!;
      },
    });
  },
});
