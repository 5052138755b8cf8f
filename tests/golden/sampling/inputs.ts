import * as tf from "@tensorflow/tfjs-core";
import { isRecord, unsupported } from "../result.ts";
import { channelsLast, type SamplingCase, type SamplingFile, type Stored } from "./file.ts";

/** Tensors that a file stores for its cases, by the beginning of their names. */
export type Input = "x_T" | "noises" | "original_image" | "mask";

const isStored = (value: unknown): value is Stored =>
  isRecord(value) && Array.isArray(value.shape) && Array.isArray(value.data);

/** Whether a stored shape is that of the case, an axis of length 1 standing for any length. */
const fits = (stored: readonly number[], wanted: readonly number[], broadcast: boolean): boolean =>
  stored.length === wanted.length &&
  stored.every((length, i) => length === wanted[i] || (broadcast && length === 1));

/**
 * The tensor of a kind that a case is run with: stored in the case itself; or the file's tensor that the case names in one
 * of its texts; or the file's only one of that kind in the case's shape, whatever follows in its name (`x_T_4x4`).
 */
export function inputOf(file: SamplingFile, golden: SamplingCase, kind: Input): Stored {
  const own = golden[kind];
  if (isStored(own)) return own;
  const shapeOf = ({ shape }: Stored) => (kind === "noises" ? shape.slice(1) : shape);
  const broadcast = kind === "original_image" || kind === "mask";
  const all = Object.entries(file).flatMap(([name, value]) =>
    name.startsWith(kind) && isStored(value) ? [{ name, value }] : [],
  );
  const words = new Set(
    Object.values(golden).flatMap((value) => (typeof value === "string" ? (value.match(/\w+/g) ?? []) : [])),
  );
  const fitting = all.filter(({ value }) => fits(shapeOf(value), golden.shape, broadcast));
  const named = fitting.filter(({ name }) => words.has(name));
  const candidates = named.length > 0 ? named : fitting;
  const chosen =
    candidates.length > 1
      ? (candidates.find(({ name }) => name === kind) ?? byShape(candidates, golden))
      : candidates[0];
  return chosen?.value ?? unsupported(`the file stores no ${kind} of the shape [${golden.shape.join(", ")}]`);
}

/** Several tensors of one shape are distinguished by the sizes in their names, or not at all. */
function byShape<Candidate extends { readonly name: string }>(
  candidates: readonly Candidate[],
  { shape }: SamplingCase,
): Candidate | undefined {
  const [, , height, width] = shape;
  return (
    candidates.find(({ name }) => name.endsWith(`_${shape.join("x")}`)) ??
    candidates.find(({ name }) => name.endsWith(`_${height}x${width}`)) ??
    unsupported(`several tensors fit: ${candidates.map(({ name }) => name).join(", ")}`)
  );
}

/** A stored [B, C, H, W] tensor as [B, H, W, C]. */
export function imagesOf({ shape, data }: Stored): tf.Tensor {
  const [batch, channels, height, width] = shape as [number, number, number, number];
  return tf.tensor4d(channelsLast(data, shape), [batch, height, width, channels]);
}
