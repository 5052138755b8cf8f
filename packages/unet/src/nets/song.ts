import { type Denoiser, fail, type Plugin, plugin } from "@ddpm/core";
import * as tf from "@tensorflow/tfjs-core";
import { z } from "zod";
import { denoiserFrom } from "../denoiser-from.ts";
import { hoInit } from "../initialisers.ts";
import { type InputOptions, inputChannels, inputOptions, inputsOf } from "../input.ts";
import { edmBlock } from "../layers/blocks/edm-block.ts";
import { recomputableBlock } from "../layers/blocks/recomputable-block.ts";
import type { EmbeddedBlock } from "../layers/blocks/residual-block.ts";
import { edmEmbedding } from "../layers/embeddings/edm-embedding.ts";
import { gaussianWaves } from "../layers/embeddings/gaussian-waves.ts";
import { sinusoidal } from "../layers/embeddings/sinusoidal.ts";
import { filterDouble, filterHalf } from "../layers/resampling/filter-resample.ts";
import { missingLevel } from "../layers/skeletons/u-shape.ts";
import { headChannels, type OutputOptions, outputOptions } from "../output.ts";
import { type Scope, scope } from "../scope.ts";
import { imageOut, imageSeen } from "./song-picture.ts";

const positive = z.number().int().positive();

/** Options of {@link song}; meanings, ranges and defaults are in its schema. */
export interface SongOptions extends InputOptions, OutputOptions {
  channels?: number;
  learnsVariance?: boolean;
  width?: number;
  multipliers?: number[];
  blocks?: number;
  attention?: number[];
  dropout?: number;
  waves?: "sinusoidal" | "fourier";
  waveFactor?: number;
  embeddingFactor?: number;
  encoder?: "standard" | "skip" | "residual";
  decoder?: "standard" | "skip";
  taps?: number[];
  classes?: number;
  augment?: number;
}

const options = {
  channels: positive.default(3).describe("channels of the images"),
  learnsVariance: z
    .boolean()
    .default(false)
    .describe("twice the channels out, the second half for the variance"),
  width: positive.multipleOf(2).default(128).describe("width that the multipliers multiply"),
  multipliers: z.array(positive).min(1).default([2, 2, 2]).describe("channels of each level, in widths"),
  blocks: positive.default(4).describe("residual blocks per level on the way down; one more on the way up"),
  attention: z
    .array(z.number().int().nonnegative())
    .default([1])
    .describe("levels with attention: after each block down, after the last block up"),
  dropout: z.number().min(0).lt(1).default(0.1).describe("dropout rate in each block"),
  waves: z
    .enum(["sinusoidal", "fourier"])
    .default("sinusoidal")
    .describe("of the noise: sinusoids (DDPM++), or random waves (NCSN++)"),
  waveFactor: positive.default(1).describe("columns of the waves, in widths: 1 (DDPM++), 2 (NCSN++)"),
  embeddingFactor: positive.default(4).describe("width of the embedding, in widths"),
  encoder: z
    .enum(["standard", "skip", "residual"])
    .default("standard")
    .describe(
      "how levels see the image again: not at all (DDPM++), added, or along a residual path (NCSN++)",
    ),
  decoder: z
    .enum(["standard", "skip"])
    .default("standard")
    .describe("the output comes from the finest level, or is summed over all levels"),
  taps: z
    .array(z.number())
    .default([1, 1])
    .describe("filter of every halving and doubling: [1, 1] (DDPM++), [1, 3, 3, 1] (NCSN++)"),
  classes: positive.optional().describe("classes of the labels; left out, the network takes none"),
  augment: z
    .number()
    .int()
    .nonnegative()
    .optional()
    .describe("numbers of condition.vector that say how an image was augmented; 0: none"),
  ...inputOptions,
  ...outputOptions,
};

/** Song's DDPM++ and NCSN++ as EDM has them; by default DDPM++ for CIFAR-10, 55.7 million parameters. */
export const song: Plugin<SongOptions, Denoiser> = plugin({
  name: "song",
  about:
    "DDPM++ and NCSN++ as trained by EDM: scaled sums, one attention head, filters, augmentation labels.",
  source: "Song et al. 2021, appendix H; Karras et al. 2022; NVlabs/edm training/networks.py, SongUNet",
  options,
  create(given): Denoiser {
    const { channels, width, classes } = given;
    const augment = given.augment === 0 ? undefined : given.augment;
    const root = scope();
    const widths = given.multipliers.map((multiplier) => multiplier * width);
    const deepest = widths.length - 1;
    const wrong = missingLevel(given.attention, widths.length);
    if (wrong !== undefined) {
      fail("unet/song", `attention at level ${wrong}, but the levels are 0 to ${deepest}.`);
    }
    const init = hoInit();
    const lastInit = hoInit(0);
    const embedding = given.embeddingFactor * width;
    const waveWidth = given.waveFactor * width;
    const half = filterHalf(given);
    const twice = filterDouble(given);
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
        given.waves === "fourier"
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

    const taken = inputChannels(given);
    const seen = imageSeen({ kind: given.encoder, channels: taken, taps: given.taps, init });
    const attended = (level: number): number => (given.attention.includes(level) ? 1 : 0);
    const stem = seen.stem(root, width);
    const kept = [width];
    const down = widths.map((out, level) => {
      const at = root.child("down").child(level);
      const wide = widths[level - 1] ?? width;
      const halve = level === 0 ? undefined : block(at, "down", wide, wide, { resample: half });
      const again = level === 0 ? undefined : seen.level(at, wide);
      const stages = Array.from({ length: given.blocks }, (_, index) =>
        block(at, index, index === 0 ? wide : out, out, { heads: attended(level) }),
      );
      kept.push(...(level === 0 ? [] : [wide]), ...stages.map(() => out));
      return { halve, again, stages };
    });
    const middle = root.child("mid");
    const lowest = widths[deepest]!;
    const centre = [block(middle, 0, lowest, lowest, { heads: 1 }), block(middle, 1, lowest, lowest)];
    const outputs = headChannels("unet/song", given);
    const painted = imageOut({ kind: given.decoder, channels: outputs, taps: given.taps, lastInit });
    const up = widths
      .map((out, level) => ({ out, level, at: root.child("up").child(level) }))
      .reverse()
      .map(({ out, level, at }) => {
        const wide = widths[level + 1] ?? lowest;
        const double = level === deepest ? undefined : block(at, "up", wide, wide, { resample: twice });
        const stages = Array.from({ length: given.blocks + 1 }, (_, index) =>
          block(at, index, (index === 0 ? wide : out) + kept.pop()!, out, {
            heads: index === given.blocks ? attended(level) : 0,
          }),
        );
        return { double, stages, paint: painted(at, out, level === 0) };
      });

    return denoiserFrom(root, {
      name: "song",
      channels,
      multiple: 2 ** deepest,
      classes,
      vector: augment,
      learnsVariance: given.learnsVariance,
      outputs,
      ...inputsOf(given),
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
