import { fail } from "@ddpm/core";
import * as tf from "@tensorflow/tfjs-core";
import { conv2d } from "../../layers/linear/conv2d.ts";
import { groupNorm } from "../../layers/norms/group-norm.ts";
import { filterDouble } from "../../layers/resampling/filter-resample.ts";
import { upsampleNearest } from "../../layers/resampling/upsample-nearest.ts";
import { upsampleTo } from "../../layers/resampling/upsample-to.ts";
import { carry, type FlowLevel, takeKept } from "../../layers/skeletons/image-flow.ts";
import type { Scope } from "../../scope.ts";
import { attendOf, modulatedOf } from "./attend.ts";
import { isK, type LevelKind } from "./kinds.ts";
import {
  adaBlockOf,
  attentionOf,
  blockOf,
  receivedBy,
  resamplesInBlocks,
  type Shared,
  SKIP_SCALE,
  skipGroups,
} from "./parts.ts";

const SMOOTH = [1, 3, 3, 1];

export interface UpOptions {
  readonly kind: LevelKind;
  /** Channels that come up from below. */
  readonly in: number;
  readonly out: number;
  /** Width of the next finer level, which `k` levels end in. */
  readonly next: number;
  /** Channels of what was kept on the way down, in the order in which it is taken. */
  readonly kept: readonly number[];
  /** Doubles at its end, which the finest level does not. */
  readonly doubles: boolean;
  /** Of the picture. */
  readonly channels: number;
}

/**
 * A level on the way up: blocks that each take what was kept, attention where the kind has it (with a picture, once,
 * at the end), a doubling. Levels of kind `k` take only what was kept last and have one block less.
 * Source: huggingface/diffusers src/diffusers/models/unets/unet_2d_blocks.py, the classes `…UpBlock2D`.
 */
export function unet2dUp(at: Scope, shared: Shared, options: UpOptions): FlowLevel {
  if (isK(options.kind)) return adaUp(at, shared, options);
  const { kind, out, kept } = options;
  const skip = kind === "skip" || kind === "skip-attention";
  const stages = kept.map((skipped, index) => {
    const wide = index === 0 ? options.in : out;
    // As published, only one of the two summands is divided here.
    const more = kind === "skip-attention" ? { groupsIn: Math.min(wide + Math.floor(skipped / 4), 32) } : {};
    return {
      block: blockOf(at.child(`res${index}`), shared, wide + skipped, out, kind, more),
      attend: attendOf(at, shared, kind, { channels: out, index }),
    };
  });
  const last =
    kind === "skip-attention"
      ? attentionOf(at.child("attn0"), shared, out, { groups: 32, outputScale: SKIP_SCALE })
      : undefined;
  const double = skip ? pictureDoubling(at, shared, options) : doubling(at, shared, options);
  return (run, given, embedded) => {
    let flow = given;
    for (const { block, attend } of stages) {
      const taken = takeKept(flow);
      const h = block(run, taken.h, receivedBy(kind, shared, embedded));
      flow = carry(taken, attend ? attend(run, h, embedded) : h);
    }
    return double(run, last ? carry(flow, last(run, flow.h)) : flow, embedded);
  };
}

function doubling(at: Scope, shared: Shared, { kind, out, doubles }: UpOptions): FlowLevel {
  if (!doubles) return (_run, flow) => flow;
  if (resamplesInBlocks(kind) || (kind === "attention" && shared.doubling === "block")) {
    const block = blockOf(at.child("up"), shared, out, out, kind, { resample: upsampleNearest });
    return (run, flow, embedded) => carry(flow, block(run, flow.h, receivedBy(kind, shared, embedded)));
  }
  const conv = conv2d(at.child("up"), { in: out, out });
  return (run, flow) => {
    const [, height, width] = flow.kept.at(-1)!.shape;
    return carry(flow, conv(run, upsampleTo(flow.h, [height, width])));
  };
}

/** Grows the picture, adds what this level sees of it, and doubles the features. */
function pictureDoubling(at: Scope, shared: Shared, { kind, out, doubles, channels }: UpOptions): FlowLevel {
  const twice = filterDouble({ taps: SMOOTH });
  const grown = (picture: tf.Tensor4D | undefined): tf.Tensor4D | undefined => picture && twice(picture);
  if (!doubles) return (_run, flow) => ({ ...flow, picture: grown(flow.picture) });
  const { eps } = shared;
  const block = blockOf(at.child("up"), shared, out, out, kind, { resample: twice, project: true });
  const norm = groupNorm(at.child("pictureNorm"), {
    channels: out,
    groups: skipGroups(out),
    eps,
    activation: "silu",
  });
  const conv = conv2d(at.child("picture"), { in: out, out: channels });
  return (run, flow, embedded) => {
    const seen = conv(run, norm(run, flow.h));
    const before = grown(flow.picture);
    const picture: tf.Tensor4D = before ? tf.add(before, seen) : seen;
    return {
      ...flow,
      picture,
      h: block(run, flow.h, embedded.active),
    };
  };
}

function adaUp(
  at: Scope,
  shared: Shared,
  { kind, out, next, kept, doubles, ...given }: UpOptions,
): FlowLevel {
  const [skipped] = kept;
  const wide = given.in + (skipped ?? 0);
  if (wide !== (skipped === undefined ? out : 2 * out)) {
    fail("unet/unet2d", `a k level of ${out} channels that ${wide} come to.`, "Give k levels one width.");
  }
  const attends = kind === "k-context";
  // As published, pixels attend to each other where all widths are the embedding's.
  const own = next === out && out === shared.embedding;
  const stages = Array.from({ length: shared.blocks }, (_, index) => {
    const end = index === shared.blocks - 1 ? next : out;
    const scope = at.child(`res${index}`);
    const hidden = attends ? out : end;
    return {
      block: adaBlockOf(scope, shared, index === 0 ? wide : out, end, out, hidden),
      attend: attends ? modulatedOf(at.child(`modulated${index}`), shared, end, own) : undefined,
    };
  });
  const double = doubles ? filterDouble({ taps: SMOOTH, edges: "mirror" }) : undefined;
  return (run, flow, embedded) => {
    const taken = skipped === undefined ? flow : takeKept(flow);
    const left = taken.kept.length - (skipped === undefined ? 0 : shared.blocks - 1);
    let h = taken.h;
    for (const { block, attend } of stages) {
      h = block(run, h, embedded.raw);
      if (attend) h = attend(run, h, embedded);
    }
    return { ...taken, kept: taken.kept.slice(0, left), h: double ? double(h) : h };
  };
}
