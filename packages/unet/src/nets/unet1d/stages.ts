import { fail } from "@ddpm/core";
import * as tf from "@tensorflow/tfjs-core";
import { attentionBlock } from "../../layers/attention/attention-block.ts";
import { recomputable } from "../../layers/blocks/recompute.ts";
import type { EmbeddedBlock } from "../../layers/blocks/residual-block.ts";
import { filterDouble, filterHalf } from "../../layers/resampling/filter-resample.ts";
import type { Layer, Scope } from "../../scope.ts";
import { resConvBlock } from "./res-conv-block.ts";
import { temporalBlock } from "./temporal-block.ts";

/** The cubic filter between levels of audio. Source: crowsonkb/k-diffusion; sum 1. */
export const CUBIC: readonly number[] = [
  -0.01171875, -0.03515625, 0.11328125, 0.43359375, 0.43359375, 0.11328125, -0.03515625, -0.01171875,
];

const filter = { taps: CUBIC, edges: "mirror", along: "height" } as const;
const smoothHalf = filterHalf(filter);
const smoothDouble = filterDouble(filter);

/** Signals of half the length by the cubic filter, mirrored at their ends. @throws DdpmError for fewer than 4 numbers */
export function cubicHalf(x: tf.Tensor4D): tf.Tensor4D {
  checkLength(x, 4);
  return smoothHalf(x);
}

/** Signals of twice the length by the cubic filter, mirrored at their ends. @throws DdpmError for fewer than 3 numbers */
export function cubicDouble(x: tf.Tensor4D): tf.Tensor4D {
  checkLength(x, 3);
  return smoothDouble(x);
}

function checkLength({ shape }: tf.Tensor4D, least: number): void {
  if (shape[1] >= least) return;
  fail(
    "unet/unet1d",
    `a level has signals of length ${shape[1]}, and its filter needs ${least} or more.`,
    "Take longer signals, or fewer levels.",
  );
}

/** Channels of a stage: those that come in, those between its blocks, and those that leave it. */
export interface StageChannels {
  readonly in: number;
  readonly middle: number;
  readonly out: number;
}

/** Channels of an attention head of published networks. */
const HEAD = 32;

/** `count` convolutional blocks, each with attention where that is asked for. */
export function convStage(
  at: Scope,
  channels: StageChannels,
  options: { readonly count: number; readonly attention?: boolean; readonly last?: boolean },
): Layer<tf.Tensor4D> {
  const { count, attention, last = false } = options;
  const stages = Array.from({ length: count }, (_, i) => {
    const ends = i === count - 1;
    const out = ends ? channels.out : channels.middle;
    const shape = { in: i === 0 ? channels.in : channels.middle, middle: channels.middle, out };
    return {
      block: resConvBlock(at.child(`res${i}`), { ...shape, last: last && ends }),
      attend: attention ? attentionOf(at.child(`attn${i}`), out) : undefined,
    };
  });
  return (run, x) =>
    stages.reduce((h, { block, attend }) => {
      const made = block(run, h);
      return attend ? attend(run, made) : made;
    }, x);
}

/** @throws DdpmError for channels that make no whole heads */
function attentionOf(at: Scope, channels: number): Layer<tf.Tensor4D> {
  const heads = Math.floor(channels / HEAD);
  if (heads === 0 || channels % heads !== 0) {
    fail("unet/unet1d", `${channels} channels do not split into heads.`, `Take a multiple of ${HEAD}.`);
  }
  const part = recomputable(at, () => {
    const attend = attentionBlock(at, { channels, groups: 1, heads });
    return (run, [x]) => attend(run, x as tf.Tensor4D);
  });
  return (run, x) => part(run, [x]);
}

/** Temporal blocks, one after the other, that all receive the embedding. */
export function temporalStage(
  at: Scope,
  channels: Omit<StageChannels, "middle">,
  options: { readonly count: number; readonly embedding: number },
): EmbeddedBlock {
  const { count, embedding } = options;
  const blocks = Array.from({ length: count }, (_, i) =>
    temporalBlock(at.child(`res${i}`), {
      in: i === 0 ? channels.in : channels.out,
      out: channels.out,
      embedding,
    }),
  );
  return (run, x, embedded) => blocks.reduce((h, block) => block(run, h, embedded), x);
}

/** Features of two signals of one length, next to each other. @throws DdpmError for other lengths */
export function joined(x: tf.Tensor4D, skip: tf.Tensor4D): tf.Tensor4D {
  if (x.shape[1] !== skip.shape[1]) {
    fail(
      "unet/unet1d",
      `a level on the way up has length ${x.shape[1]}, and the one on the way down ${skip.shape[1]}.`,
      "Halve and double at the same levels.",
    );
  }
  return tf.concat([x, skip], 3);
}
