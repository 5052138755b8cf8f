import type { LayoutVotes, Lowering, OpDefinition, Value } from "../../graph/operation.ts";
import { type Shape, sizeOf } from "../../tensor/shape.ts";
import { repeatPixels, sumTiles } from "../channels/channels.ts";
import { halvedInputGradient } from "../convolution/halved-gradient.ts";
import { attribute, type KernelCall, kernel, type LoweredKernel } from "../kernel.ts";

/** How pixels of the small and the large grid correspond. */
interface Sampling {
  readonly method: "nearest" | "bilinear";
  readonly alignCorners: boolean;
  readonly halfPixelCenters: boolean;
}

/** Resizing is linear and separable: row o of the matrix says which input pixels make output pixel o. */
function weights(
  from: number,
  to: number,
  { method, alignCorners, halfPixelCenters }: Sampling,
): Float32Array {
  const align = alignCorners && to > 1;
  const ratio = (align ? from - 1 : from) / (align ? to - 1 : to);
  const matrix = new Float32Array(to * from);
  for (let o = 0; o < to; o++) {
    if (method === "nearest") {
      const at = halfPixelCenters ? ratio * (o + 0.5) : ratio * o;
      const index = Math.min(from - 1, alignCorners ? Math.round(at) : Math.floor(at));
      matrix[o * from + Math.max(0, index)] = 1;
    } else {
      const at = halfPixelCenters ? ratio * (o + 0.5) - 0.5 : ratio * o;
      const low = Math.max(0, Math.floor(at));
      const high = Math.min(from - 1, Math.ceil(at));
      matrix[o * from + low]! += 1 - (at - low);
      matrix[o * from + high]! += at - low;
    }
  }
  return matrix;
}

/** Multiplies the rows and then the columns of [B, H, W, C] by matrices [to, from]. */
function separable(
  c: Lowering,
  x: string,
  shape: Shape,
  to: readonly [number, number],
  matrix: Matrix,
): string {
  const [b, h, w, channels] = shape as [number, number, number, number];
  const [oh, ow] = to;
  const rows = c.floats(matrix(0), [oh, h]);
  const tall = c.emit("MatMul", [rows, c.reshape(x, [b, h, w * channels])], [b, oh, w * channels]);
  const columns = c.floats(matrix(1), [ow, w]);
  const wide = c.emit("MatMul", [columns, c.reshape(tall, [b * oh, w, channels])], [b * oh, ow, channels]);
  return c.reshape(wide, [b, oh, ow, channels]);
}

type Matrix = (axis: 0 | 1) => readonly number[];

/** Picks rows and columns by constant index lists. */
function pick(
  c: Lowering,
  x: string,
  shape: Shape,
  to: readonly [number, number],
  sampling: Sampling,
): string {
  let name = x;
  let now = [...shape];
  for (const axis of [0, 1] as const) {
    const from = shape[axis + 1]!;
    const matrix = weights(from, to[axis], sampling);
    const index = Int32Array.from({ length: to[axis] }, (_, o) =>
      matrix.subarray(o * from, (o + 1) * from).indexOf(1),
    );
    now = now.with(axis + 1, to[axis]);
    name = c.emit("Gather", [name, c.int32s(index)], now, { axis: axis + 1 });
  }
  return name;
}

/** How often each pixel is repeated, or null if that is not a whole number of times. */
function wholeRepeats(
  small: Shape,
  large: Shape,
  { method, alignCorners }: Sampling,
): readonly [number, number] | null {
  const repeats = [large[1]! / small[1]!, large[2]! / small[2]!] as const;
  return method === "nearest" && !alignCorners && repeats.every(Number.isInteger) ? repeats : null;
}

const isPair = (repeats: readonly number[]): boolean => repeats.every((count) => count === 2);

function votesFor(votes: LayoutVotes, small: Value, large: Value, sampling: Sampling): void {
  if (!votes.blocked || !wholeRepeats(small.shape, large.shape, sampling)) return;
  for (const value of [small, large]) votes.give(value, votes.blocked.activations);
}

const resizeOp: OpDefinition = {
  name: "Resize",
  layouts: ({ inputs: [x], outputs: [y], attributes }, votes) =>
    votesFor(votes, x!, y!, attributes as unknown as Sampling),
  lower: (c, node) => {
    const sampling = node.attributes as unknown as Sampling;
    const x = node.inputs[0]!;
    const y = node.outputs[0]!;
    const repeats = wholeRepeats(x.shape, y.shape, sampling);
    const blocked = c.blocked?.activations;
    if (repeats && blocked?.accepts(x.shape)) {
      c.defer(y, () => c.set(y, repeatPixels(c, c.get(x, blocked), repeats), blocked));
      return;
    }
    const to = [y.shape[1]!, y.shape[2]!] as const;
    const result =
      sampling.method === "nearest"
        ? pick(c, c.get(x), x.shape, to, sampling)
        : separable(c, c.get(x), x.shape, to, (axis) => [...weights(x.shape[axis + 1]!, to[axis], sampling)]);
    c.set(y, result);
  },
};

/** The transposed matrices. */
const resizeGradientOp: OpDefinition = {
  name: "ResizeGrad",
  layouts: ({ inputs: [dy], outputs: [dx], attributes }, votes) =>
    votesFor(votes, dx!, dy!, attributes as unknown as Sampling),
  lower: (c, node) => {
    const sampling = node.attributes as unknown as Sampling;
    const dy = node.inputs[0]!;
    const dx = node.outputs[0]!;
    const repeats = wholeRepeats(dx.shape, dy.shape, sampling);
    const blocked = c.blocked?.activations;
    if (repeats && blocked?.accepts(dy.shape)) {
      const fused = isPair(repeats) ? halvedInputGradient(c, dy) : null;
      c.set(dx, fused ?? sumTiles(c, c.get(dy, blocked), repeats), blocked);
      return;
    }
    const to = [dx.shape[1]!, dx.shape[2]!] as const;
    const result = separable(c, c.get(dy), dy.shape, to, (axis) => {
      const large = dy.shape[axis + 1]!;
      const forward = weights(to[axis], large, sampling);
      return Array.from(
        { length: to[axis] * large },
        (_, i) => forward[(i % large) * to[axis] + Math.floor(i / large)]!,
      );
    });
    c.set(dx, result);
  },
};

function sampling(call: KernelCall, method: Sampling["method"]): Sampling {
  return {
    method,
    alignCorners: attribute<boolean>(call, "alignCorners"),
    halfPixelCenters: attribute<boolean | undefined>(call, "halfPixelCenters") ?? false,
  };
}

function forward(name: string, method: Sampling["method"]): LoweredKernel {
  return kernel(name, (call) => {
    const images = call.input("images");
    if (images.dtype !== "float32" || sizeOf(images.shape) === 0) return null;
    const [b, , , channels] = images.shape as [number, number, number, number];
    const [h, w] = attribute<readonly [number, number]>(call, "size");
    return call.record.op(resizeOp, [images], [b, h, w, channels], "float32", { ...sampling(call, method) });
  });
}

function gradient(name: string, method: Sampling["method"]): LoweredKernel {
  return kernel(name, (call) => {
    const images = call.input("images");
    return call.record.op(resizeGradientOp, [call.input("dy")], images.shape, "float32", {
      ...sampling(call, method),
    });
  });
}

export const resizeKernels: readonly LoweredKernel[] = [
  forward("ResizeNearestNeighbor", "nearest"),
  forward("ResizeBilinear", "bilinear"),
  gradient("ResizeNearestNeighborGrad", "nearest"),
  gradient("ResizeBilinearGrad", "bilinear"),
];
