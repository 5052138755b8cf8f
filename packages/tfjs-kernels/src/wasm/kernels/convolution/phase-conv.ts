import { Slice, type TensorInfo } from "@tensorflow/tfjs-core";
import { addressOf, copyBytes, heapViews, reshaped, type WasmBackend } from "../../heap.ts";
import { call } from "../../kernel.ts";
import type { InputPhase } from "./input-phases.ts";

/** dy as a phase reads it, and the padding that its convolution still needs; dispose of `dy` after use. */
export interface PhaseSource {
  readonly dy: TensorInfo;
  readonly pad: readonly (readonly [number, number])[];
}

/** Crops dy [B, OH, OW, C] where a phase's padding is negative; undefined when nothing of it is left. */
export function phaseSource(
  backend: WasmBackend,
  dy: TensorInfo,
  rows: InputPhase,
  columns: InputPhase,
): PhaseSource | undefined {
  const axes = [rows, columns];
  const begin = axes.map((axis) => Math.max(0, -axis.before));
  const size = axes.map((axis, i) => dy.shape[i + 1]! - begin[i]! - Math.max(0, -axis.after));
  if (Math.min(...size) <= 0 || rows.taps.length === 0 || columns.taps.length === 0) return undefined;
  const own = axes.map((axis): [number, number] => [Math.max(0, axis.before), Math.max(0, axis.after)]);
  const pad: [number, number][] = [[0, 0], ...own, [0, 0]];
  if (size[0] === dy.shape[1] && size[1] === dy.shape[2]) return { dy: reshaped(backend, dy, dy.shape), pad };
  const window = { begin: [0, ...begin, 0], size: [dy.shape[0], ...size, dy.shape[3]] };
  return { dy: call(backend, Slice, { x: dy }, window), pad };
}

/** Where a phase is in dx. */
export interface PhasePlace {
  readonly rows: InputPhase;
  readonly columns: InputPhase;
  readonly strides: readonly [number, number];
}

/** Writes one phase [B, rows, columns, C] between the others of dx [B, H, W, C]. */
export function interleave(backend: WasmBackend, dx: TensorInfo, part: TensorInfo, at: PhasePlace): void {
  const [batch, height, width, channels] = dx.shape as [number, number, number, number];
  const heap = heapViews(backend);
  const run = channels * 4;
  const target = addressOf(backend, dx);
  let source = addressOf(backend, part);
  for (let b = 0; b < batch; b++) {
    for (let i = 0; i < at.rows.length; i++) {
      const y = at.rows.phase + i * at.strides[0];
      let to = target + ((b * height + y) * width + at.columns.phase) * run;
      for (let j = 0; j < at.columns.length; j++) {
        copyBytes(heap, to, source, run);
        source += run;
        to += run * at.strides[1];
      }
    }
  }
}
