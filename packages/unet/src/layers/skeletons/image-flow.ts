import { fail } from "@ddpm/core";
import * as tf from "@tensorflow/tfjs-core";
import type { Run } from "../../scope.ts";
import type { Context } from "../attention/context.ts";

/** What runs through a U whose levels may carry a small image next to their features. */
export interface Flow {
  readonly h: tf.Tensor4D;
  /** Features kept on the way down, the latest last. */
  readonly kept: readonly tf.Tensor4D[];
  /** The picture, shrunk on the way down or grown on the way up. */
  readonly picture?: tf.Tensor4D | undefined;
}

/** The embedding of the noise level that blocks receive: raw, and the same after its activation. */
export interface Embedded {
  readonly raw: tf.Tensor2D;
  readonly active: tf.Tensor2D;
  /** The tokens that attention receives, in networks with a context. */
  readonly context?: Context | undefined;
}

/** One level of the U on one of its ways. */
export type FlowLevel = (run: Run, flow: Flow, embedded: Embedded) => Flow;

/** Concatenates what was kept last, and forgets it. */
export function takeKept({ h, kept, picture }: Flow): Flow {
  const last = kept.at(-1);
  if (!last) fail("unet/image-flow", "nothing is kept for the way up.");
  return { h: tf.concat([h, last], 3), kept: kept.slice(0, -1), picture };
}

/** The same flow with other features. */
export function carry(flow: Flow, h: tf.Tensor4D): Flow {
  return { ...flow, h };
}

/** The same flow with other features, which are also kept. */
export function keep(flow: Flow, h: tf.Tensor4D): Flow {
  return { ...flow, h, kept: [...flow.kept, h] };
}
