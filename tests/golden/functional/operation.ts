import type * as tf from "@tensorflow/tfjs-core";
import type { Declared } from "../declared.ts";

export interface Stored {
  readonly shape: readonly number[];
  readonly data: readonly number[];
}

/** One recorded operation, in PyTorch's layouts. */
export interface Functional {
  readonly op: string;
  readonly args: Declared;
  readonly inputs: Readonly<Record<string, Stored>>;
  readonly output: Stored | number;
  readonly cotangent: Stored | number;
  readonly grads: Readonly<Record<string, Stored>>;
  /** `extra_output_0`, …: what the operation leaves besides its output. */
  readonly [member: string]: unknown;
}

export type Inputs = Readonly<Record<string, tf.Tensor>>;

/** An operation of ours; `leave` takes what it leaves besides its output, in the order of the extra outputs. */
export type Ours = (inputs: Inputs, leave: (extra: tf.Tensor) => void) => tf.Tensor;

/** How an operation of PyTorch is made of ours. */
export interface Operation {
  /** Arguments that are read; with a value where only that one has a counterpart. */
  readonly args?: Declared;
  run(args: Declared, inputs: Functional["inputs"]): Ours;
}

/** An argument that may have any value. */
export const ANY: unique symbol = Symbol("any");
