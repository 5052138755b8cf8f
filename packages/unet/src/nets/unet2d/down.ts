import * as tf from "@tensorflow/tfjs-core";
import { conv2d } from "../../layers/linear/conv2d.ts";
import { averageHalf } from "../../layers/resampling/average-half.ts";
import { filterHalf } from "../../layers/resampling/filter-resample.ts";
import { carry, type FlowLevel, keep } from "../../layers/skeletons/image-flow.ts";
import type { Scope } from "../../scope.ts";
import { attendOf, modulatedOf } from "./attend.ts";
import { isK, type LevelKind } from "./kinds.ts";
import {
  type Attend,
  adaBlockOf,
  attentionOf,
  blockOf,
  receivedBy,
  resamplesInBlocks,
  type Shared,
  SKIP_SCALE,
} from "./parts.ts";

const SMOOTH = [1, 3, 3, 1];

export interface DownOptions {
  readonly kind: LevelKind;
  readonly in: number;
  readonly out: number;
  /** Halves at its end, which the deepest level does not. */
  readonly halves: boolean;
  /** Of the picture. */
  readonly channels: number;
}

/**
 * A level on the way down: blocks, attention after each where the kind has it, a halving. What is kept: the output
 * of every block, and of the halving unless the level is of kind `k` or `k-context`.
 * Source: huggingface/diffusers src/diffusers/models/unets/unet_2d_blocks.py, the classes `…DownBlock2D`.
 */
export function unet2dDown(at: Scope, shared: Shared, options: DownOptions): FlowLevel {
  const { kind, out } = options;
  const stages = Array.from({ length: shared.blocks }, (_, index) => {
    const channelsIn = index === 0 ? options.in : out;
    const scope = at.child(`res${index}`);
    return {
      block: isK(kind)
        ? adaBlockOf(scope, shared, channelsIn, out, out)
        : blockOf(scope, shared, channelsIn, out, kind),
      attend: attention(index),
    };
  });
  // As published, the way up takes nothing from such a level.
  const keeps = kind !== "k-context" || options.halves;
  const halve = options.halves ? halving(at, shared, options) : undefined;
  return (run, given, embedded) => {
    let flow = given;
    for (const { block, attend } of stages) {
      const h = block(run, flow.h, receivedBy(kind, shared, embedded));
      const attended = attend ? attend(run, h, embedded) : h;
      flow = keeps ? keep(flow, attended) : carry(flow, attended);
    }
    return halve ? halve(run, flow, embedded) : flow;
  };

  function attention(index: number): Attend | undefined {
    if (kind === "k-context") return modulatedOf(at.child(`modulated${index}`), shared, out, !options.halves);
    if (kind !== "skip-attention") return attendOf(at, shared, kind, { channels: out, index });
    return attentionOf(at.child(`attn${index}`), shared, out, { groups: 32, outputScale: SKIP_SCALE });
  }
}

function halving(at: Scope, shared: Shared, { kind, out, channels }: DownOptions): FlowLevel {
  if (isK(kind)) {
    const half = filterHalf({ taps: SMOOTH, edges: "mirror" });
    return (_run, flow) => ({ ...flow, h: half(flow.h) });
  }
  if (kind === "skip" || kind === "skip-attention") {
    const half = filterHalf({ taps: SMOOTH });
    const block = blockOf(at.child("down"), shared, out, out, kind, { resample: half, project: true });
    const merge = conv2d(at.child("picture"), { in: channels, out, kernel: 1 });
    return (run, flow, embedded) => {
      const picture = half(flow.picture!);
      return keep({ ...flow, picture }, tf.add(merge(run, picture), block(run, flow.h, embedded.active)));
    };
  }
  if (resamplesInBlocks(kind) || (kind === "attention" && shared.halving === "block")) {
    const block = blockOf(at.child("down"), shared, out, out, kind, { resample: averageHalf });
    return (run, flow, embedded) => keep(flow, block(run, flow.h, receivedBy(kind, shared, embedded)));
  }
  const padding = { same: "same", symmetric: 1, end: 0 } as const;
  const strided = { stride: 2, padding: padding[shared.padding] };
  const conv = conv2d(at.child("down"), { in: out, out, ...strided });
  if (shared.padding === "end") return (run, flow) => keep(flow, conv(run, padEnd(flow.h)));
  return (run, flow) => keep(flow, conv(run, flow.h));
}

/** A row of zeros at the bottom and a column at the right. */
function padEnd(x: tf.Tensor4D): tf.Tensor4D {
  return tf.pad(x, [
    [0, 0],
    [0, 1],
    [0, 1],
    [0, 0],
  ]);
}
