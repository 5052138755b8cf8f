import type { TensorInfo } from "@tensorflow/tfjs-core";
import { PACK_TENSORS, UNPACK_TENSORS, type UnpackTensorsAttributes } from "../../../contract.ts";
import { sizeOf } from "../../../size-of.ts";
import { kernel, type WebgpuKernel } from "../../kernel.ts";
import { refuse } from "../../refuse.ts";
import { type Views, viewsOf } from "./views.ts";

/** Where a binding may begin, in bytes: the largest `minStorageBufferOffsetAlignment` there is. */
const ALIGNMENT = 256;

/** Bytes from the first tensor to each of them, and to the end. */
function layoutOf(shapes: readonly (readonly number[])[]): {
  readonly offsets: readonly number[];
  readonly size: number;
} {
  let size = 0;
  const offsets = shapes.map((shape) => {
    const offset = size;
    size += Math.ceil((4 * sizeOf(shape)) / ALIGNMENT) * ALIGNMENT;
    return offset;
  });
  return { offsets, size };
}

/** Tensors side by side, seen as one vector: those that are so already are not moved, others are copied there. */
export const pack: WebgpuKernel = kernel<readonly TensorInfo[], object>(
  PACK_TENSORS,
  "new: many tensors as one vector, so that an optimiser's operations are made once for all",
  ({ inputs, backend }) => {
    for (const { dtype } of inputs) {
      if (dtype !== "float32") refuse(PACK_TENSORS, `a tensor of ${dtype}.`, "It takes float32.");
    }
    const { offsets, size } = layoutOf(inputs.map(({ shape }) => shape));
    const views = viewsOf(backend);
    const first = placeOf(views, inputs, offsets, size);
    if (first) return views.make(first.shared, first.offset, [size / 4]);
    return views.make(views.gather(inputs, offsets, size), 0, [size / 4]);
  },
);

/** Where the first one is, if all follow it as they should. */
function placeOf(
  views: Views,
  inputs: readonly TensorInfo[],
  offsets: readonly number[],
  size: number,
): ReturnType<Views["find"]> {
  const first = views.find(inputs[0]!);
  if (!first || first.offset + size > first.shared.buffer.size) return undefined;
  const inPlace = inputs.every((x, i) => {
    const view = views.find(x);
    return view?.shared === first.shared && view.offset === first.offset + offsets[i]!;
  });
  return inPlace ? first : undefined;
}

/** The tensors of a vector that `PackTensors`, or an element-wise operation on such vectors, made; nothing is copied. */
export const unpack: WebgpuKernel = kernel<{ readonly x: TensorInfo }, UnpackTensorsAttributes>(
  UNPACK_TENSORS,
  "new: the tensors of a vector, without a copy",
  ({ inputs, attrs, backend }) => {
    const { offsets, size } = layoutOf(attrs.shapes);
    const length = sizeOf(inputs.x.shape);
    if (4 * length !== size) {
      refuse(UNPACK_TENSORS, `a vector of ${length}, where the shapes need ${size / 4}.`, "Report this.");
    }
    const views = viewsOf(backend);
    const { shared, offset } = views.share(inputs.x);
    return attrs.shapes.map((shape, i) => views.make(shared, offset + offsets[i]!, shape));
  },
);
