import { sizeOf } from "@ddpm/core/authoring";
import type { Tensor } from "@tensorflow/tfjs-core";
import type { Draw } from "./draw.ts";

/** A tensor as plain numbers, so that every backend gets the same one. */
export interface CaseInput {
  readonly shape: readonly number[];
  readonly dtype: "float32" | "int32" | "bool";
  readonly values: Float32Array | Int32Array | Uint8Array;
}

/** A computation that every backend has to agree on. */
export interface BackendCase {
  /** Operation, shapes and attributes: enough to write it down again. */
  readonly name: string;
  readonly inputs: readonly CaseInput[];
  /** Whether gradients with respect to all inputs are compared as well. */
  readonly gradients: boolean;
  apply(...inputs: Tensor[]): Tensor | Tensor[];
  /** The same from other operations, for the reference where its kernel or the kernel's gradient is wrong. */
  definition?(...inputs: Tensor[]): Tensor | Tensor[];
}

/** Draws a case. */
export type CaseMaker = (draw: Draw) => BackendCase;

/** Standard normal numbers. */
export function normals(draw: Draw, shape: readonly number[]): CaseInput {
  return { shape, dtype: "float32", values: draw.normals(sizeOf(shape)) };
}

/** Whole numbers from `from` to `to`, both included. */
export function wholes(draw: Draw, shape: readonly number[], from: number, to: number): CaseInput {
  return {
    shape,
    dtype: "int32",
    values: Int32Array.from({ length: sizeOf(shape) }, () => draw.whole(from, to)),
  };
}

/** True or false. */
export function booleans(draw: Draw, shape: readonly number[]): CaseInput {
  return {
    shape,
    dtype: "bool",
    values: Uint8Array.from({ length: sizeOf(shape) }, () => draw.whole(0, 1)),
  };
}

/** Draws one of several kinds of cases, each with the same probability. */
export function anyOf(kinds: Readonly<Record<string, CaseMaker>>): CaseMaker {
  const makers = Object.values(kinds);
  return (draw) => draw.one(makers)(draw);
}
