import { type Denoiser, fail, type Plugin, plugin } from "@ddpm/core";
import * as tf from "@tensorflow/tfjs-core";
import { z } from "zod";
import { denoiserFrom } from "../denoiser-from.ts";
import { type InputOptions, inputChannels, inputOptions, inputsOf } from "../input.ts";
import type { ActivationName } from "../layers/activations.ts";
import { conv2d } from "../layers/conv2d.ts";
import { groupNorm } from "../layers/group-norm.ts";
import { type Flow, type FlowLevel, keep } from "../layers/picture-flow.ts";
import { headChannels, type OutputOptions, outputOptions } from "../output.ts";
import { scope } from "../scope.ts";
import { unet2dDown } from "./unet2d-down.ts";
import { unet2dEmbedding } from "./unet2d-embedding.ts";
import { unet2dMiddle } from "./unet2d-middle.ts";
import { type LevelKind, levelKinds, type Shared, skipGroups } from "./unet2d-parts.ts";
import { unet2dUp } from "./unet2d-up.ts";

const positive = z.number().int().positive();
const kinds = z.array(z.enum(levelKinds));
const resample = z.enum(["conv", "block"]).default("conv");

/** Options of {@link unet2d}; meanings, ranges and defaults are in its schema. */
export interface Unet2dOptions extends InputOptions, OutputOptions {
  channels?: number;
  learnsVariance?: boolean;
  widths?: number[];
  blocks?: number;
  down?: LevelKind[];
  up?: LevelKind[];
  middle?: boolean;
  attentionMiddle?: boolean;
  middleNorm?: number | null;
  middleScale?: number;
  headWidth?: number;
  dropout?: number;
  activation?: ActivationName;
  groups?: number | null;
  eps?: number;
  scaleShift?: boolean;
  padding?: "same" | "symmetric";
  halving?: "conv" | "block";
  doubling?: "conv" | "block";
  waves?: "sinusoidal" | "fourier" | "learned";
  steps?: number;
  cosFirst?: boolean;
  frequencyShift?: number;
  embedding?: number;
  centre?: boolean;
  classes?: number;
  classKind?: "table" | "waves" | "vector";
  classNone?: boolean;
}

const options = {
  channels: positive.default(3).describe("channels of the images"),
  learnsVariance: z
    .boolean()
    .default(false)
    .describe("twice the channels out, the second half for the variance"),
  widths: z.array(positive).min(1).default([224, 448, 672, 896]).describe("channels of each level"),
  blocks: positive.default(2).describe("residual blocks per level on the way down; one more on the way up"),
  down: kinds
    .default(["plain", "attention", "attention", "attention"])
    .describe("kind of each level on the way down, the finest first"),
  up: kinds
    .optional()
    .describe("kind of each level on the way up, the finest first; like down when left out"),
  middle: z.boolean().default(true).describe("blocks between the two ways"),
  attentionMiddle: z.boolean().default(true).describe("attention between the two blocks of the middle"),
  middleNorm: positive
    .nullable()
    .optional()
    .describe("groups of the middle attention's norm; null leaves it out"),
  middleScale: z
    .number()
    .positive()
    .default(1)
    .describe("divides every sum of branch and input in the middle"),
  headWidth: positive.optional().describe("channels per attention head; one head when left out"),
  dropout: z.number().min(0).lt(1).default(0).describe("dropout rate in each block"),
  activation: z.enum(["silu", "mish", "gelu", "relu"]).default("silu").describe("in the residual blocks"),
  groups: positive
    .nullable()
    .default(32)
    .describe("groups of the norms; null, for skip levels only, a quarter of the channels and at most 32"),
  eps: z.number().positive().default(1e-5).describe("added to the variance in the norms"),
  scaleShift: z.boolean().default(false).describe("the embedding scales and shifts the norms"),
  padding: z.enum(["same", "symmetric"]).default("symmetric").describe("of the strided convolution"),
  halving: resample.describe("of attention levels: a strided convolution, or inside a residual block"),
  doubling: resample.describe("of attention levels: repeating and a convolution, or a residual block"),
  waves: z
    .enum(["sinusoidal", "fourier", "learned"])
    .default("sinusoidal")
    .describe("of the noise: sinusoids; random waves of its logarithm, the output divided by it; a table"),
  steps: positive.optional().describe("rows of a learned table: training steps"),
  cosFirst: z.boolean().default(true).describe("order of the sinusoidal embedding"),
  frequencyShift: z.number().default(0).describe("denominator of its frequencies: half the width less this"),
  embedding: positive.optional().describe("width of the embedding; 4 times the first level's when left out"),
  centre: z.boolean().default(false).describe("images come in [0, 1] and are brought to [−1, 1] first"),
  classes: positive.optional().describe("classes of the labels; left out, the network takes none"),
  classKind: z
    .enum(["table", "waves", "vector"])
    .default("table")
    .describe(
      "labels by a learned table or by waves like the noise; or an embedding given as condition.vector",
    ),
  classNone: z
    .boolean()
    .default(true)
    .describe("a learned row for no class; as published false, which adds nothing"),
  ...inputOptions,
  ...outputOptions,
};

/** Hugging Face diffusers' unconditional U-Net, for any published configuration. */
export const unet2d: Plugin<Unet2dOptions, Denoiser> = plugin({
  name: "unet2d",
  about:
    "diffusers' UNet2DModel: levels with attention, resampling in blocks, a picture beside the features.",
  source: "huggingface/diffusers src/diffusers/models/unets/unet_2d.py",
  options,
  create(given): Denoiser {
    const { channels, widths, down: downKinds, up: upKinds = downKinds } = given;
    const deepest = widths.length - 1;
    const outputs = headChannels("unet/unet2d", given);
    checkKinds(downKinds, upKinds, widths.length, !given.learnsVariance);
    const root = scope();
    const first = widths[0]!;
    const embedding = given.embedding ?? 4 * first;
    const shared: Shared = { ...given, embedding };
    const embed = unet2dEmbedding(root, { ...given, width: first, embedding });
    const taken = inputChannels(given);
    const stem = conv2d(root.child("stem"), { in: taken, out: first });
    const kept = [first];
    const down = widths.map((out, level) => {
      const kind = downKinds[level]!;
      const halves = level < deepest;
      const at = root.child("down").child(level);
      const made = unet2dDown(at, shared, {
        kind,
        in: widths[Math.max(0, level - 1)]!,
        out,
        halves,
        channels: taken,
      });
      kept.push(...Array<number>(given.blocks + (halves && kind !== "k" ? 1 : 0)).fill(out));
      return made;
    });
    const middle = given.middle
      ? unet2dMiddle(root.child("mid"), shared, widths[deepest]!, given)
      : undefined;
    let wide = widths[deepest]!;
    const up = widths
      .map((out, level) => ({ out, level, next: widths[Math.max(0, level - 1)]! }))
      .reverse()
      .map(({ out, level, next }): FlowLevel => {
        const kind = upKinds[level]!;
        const takes = kept.splice(kept.length - given.blocks - (kind === "k" ? 0 : 1)).reverse();
        const at = root.child("up").child(level);
        const more = { next, kept: takes, doubles: level > 0, channels: outputs };
        const made = unet2dUp(at, shared, { kind, in: wide, out, ...more });
        wide = kind === "k" ? next : out;
        return made;
      });
    const norm = groupNorm(root.child("out").child("norm"), {
      channels: first,
      groups: given.groups ?? skipGroups(first),
      eps: given.eps,
      activation: "silu",
    });
    const head = conv2d(root.child("out").child("conv"), { in: first, out: outputs });

    return denoiserFrom(root, {
      name: "unet2d",
      channels,
      multiple: 2 ** deepest,
      ...(given.classKind === "vector" ? { vector: embedding } : { classes: given.classes }),
      ...inputsOf(given),
      learnsVariance: given.learnsVariance,
      outputs,
      forward(run, x, noise, condition) {
        const told = embed(run, noise, condition);
        const picture: tf.Tensor4D = given.centre ? tf.sub(tf.mul(2, x), 1) : x;
        const h = stem(run, picture);
        let flow: Flow = keep({ h, kept: [], picture }, h);
        for (const level of down) flow = level(run, flow, told);
        flow = { ...flow, picture: undefined, h: middle ? middle(run, flow.h, told.active) : flow.h };
        for (const level of up) flow = level(run, flow, told);
        const y = head(run, norm(run, flow.h));
        const sum: tf.Tensor4D = flow.picture ? tf.add(y, flow.picture) : y;
        return given.waves === "fourier" ? tf.div(sum, tf.reshape(noise, [-1, 1, 1, 1])) : sum;
      },
    });
  },
});

/** Which kinds of levels can stand beside each other. @throws DdpmError saying which do not */
function checkKinds(
  down: readonly LevelKind[],
  up: readonly LevelKind[],
  count: number,
  single: boolean,
): void {
  const where = "unet/unet2d";
  if (down.length !== count || up.length !== count) {
    fail(where, `${count} widths, but ${down.length} kinds of levels down and ${up.length} up.`);
  }
  const all = [...down, ...up];
  if (all.includes("k") && all.some((kind) => kind !== "k")) {
    fail(where, "k levels beside others.", "They keep other features: take k for all levels, or for none.");
  }
  const carries = (kind: LevelKind): boolean => kind.startsWith("skip");
  const halving = down.slice(0, -1).map(carries);
  if (halving.some((has, level) => has && !halving.slice(0, level).every(Boolean))) {
    fail(where, "skip levels below others on the way down.", "The picture shrinks from the finest level on.");
  }
  const growing = up.map(carries);
  if (growing.some((has, level) => has && level > 0 && !growing.slice(0, level).every(Boolean))) {
    fail(where, "skip levels below others on the way up.", "The picture grows up to the finest level.");
  }
  if (!single && growing.slice(1).some(Boolean)) {
    fail(
      where,
      "skip levels on the way up and learned variances.",
      "The picture has the channels of the output.",
    );
  }
}
