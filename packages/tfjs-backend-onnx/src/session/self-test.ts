import { NCHWC } from "../lower/convert.ts";
import { encodeModel, type OnnxNode } from "../onnx/model.ts";
import type { Runtime, SessionOptions } from "../runtime/runtime.ts";
import { type BlockedLayouts, blockedLayouts, reorderOnHost } from "../tensor/layouts.ts";

/** Widths of vector units in floats that ONNX Runtime blocks channels by: AVX-512 and NEON, AVX2. */
const WIDTHS = [16, 8];

const TOLERANCE = 1e-4;

/**
 * Finds the block of this processor's direct convolution.
 *
 * The operators are internal to ONNX Runtime and their block depends on the processor, so they are used only if one small
 * convolution through them gives what a loop on the host gives.
 */
export function findBlockedLayouts(runtime: Runtime, options: SessionOptions): BlockedLayouts | null {
  if (options.providers[0] !== "cpu") return null;
  for (const width of WIDTHS) {
    const layouts = blockedLayouts(width);
    try {
      if (works(runtime, { ...options, profile: "" }, layouts)) return layouts;
    } catch {
      // This build or processor has no such operators.
    }
  }
  return null;
}

const SIZE = 5;

/** A 3x3 convolution of a 5x5 picture, two blocks of channels to one. */
function works(runtime: Runtime, options: SessionOptions, { block, filter }: BlockedLayouts): boolean {
  const channels = 2 * block;
  const picture = [1, SIZE, SIZE, channels];
  const result = [1, SIZE, SIZE, block];
  const shape = [3, 3, channels, block];
  const x = wave(SIZE * SIZE * channels, 0.37);
  const w = wave(9 * channels * block, 0.61);
  const blockedFilter = new Float32Array(w.length);
  reorderOnHost(w, blockedFilter, shape, filter, "from plain");
  const node = (
    op: string,
    inputs: string[],
    output: string,
    attributes: OnnxNode["attributes"],
  ): OnnxNode => ({
    op,
    name: `self-test ${op}`,
    domain: NCHWC,
    inputs,
    outputs: [output],
    attributes,
  });
  const nominal = filter.nominal(shape);
  const model = encodeModel({
    inputs: [
      { name: "x", type: "float32", shape: picture },
      { name: "w", type: "float32", shape: nominal },
    ],
    outputs: [{ name: "y", type: "float32", shape: result }],
    constants: [],
    nodes: [
      node("ReorderInput", ["x"], "xb", { channels_last: 1 }),
      node("Conv", ["xb", "w"], "yb", { kernel_shape: [3, 3], pads: [1, 1, 1, 1] }),
      node("ReorderOutput", ["yb"], "y", { channels: block, channels_last: 1 }),
    ],
  });
  const session = runtime.compile(model, options);
  const y = new Float32Array(SIZE * SIZE * block);
  session.run(
    { x: runtime.tensor("float32", x, picture), w: runtime.tensor("float32", blockedFilter, nominal) },
    { y: runtime.tensor("float32", y, result) },
  );
  session.release();
  const expected = convolve(x, w, channels, block);
  return y.every((value, i) => Math.abs(value - expected[i]!) < TOLERANCE);
}

function wave(count: number, step: number): Float32Array {
  return Float32Array.from({ length: count }, (_, i) => Math.sin(step * i + 1));
}

function convolve(x: Float32Array, w: Float32Array, channels: number, out: number): Float64Array {
  const y = new Float64Array(SIZE * SIZE * out);
  for (let row = 0; row < SIZE; row++) {
    for (let column = 0; column < SIZE; column++) {
      for (let tap = 0; tap < 9; tap++) {
        const r = row + Math.floor(tap / 3) - 1;
        const s = column + (tap % 3) - 1;
        if (r < 0 || s < 0 || r >= SIZE || s >= SIZE) continue;
        for (let i = 0; i < channels; i++) {
          const value = x[(r * SIZE + s) * channels + i]!;
          for (let o = 0; o < out; o++)
            y[(row * SIZE + column) * out + o]! += value * w[(tap * channels + i) * out + o]!;
        }
      }
    }
  }
  return y;
}
