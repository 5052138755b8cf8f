import { backend_util } from "@tensorflow/tfjs-core";
import { sizeOf } from "../../tensor/shape.ts";
import { attribute, kernel, type LoweredKernel } from "../kernel.ts";
import { padded } from "./joining.ts";
import { permuted } from "./permute.ts";
import { reshaped } from "./reshape.ts";
import { slice } from "./slicing.ts";

/** Kernels that move elements about. */
export const rearrangingKernels: readonly LoweredKernel[] = [
  kernel("Transpose", (call) => {
    const x = call.input("x");
    const perm = attribute<readonly number[]>(call, "perm");
    if (perm.every((axis, i) => axis === i)) return call.share(call.tensors.x!, x.shape);
    return permuted(call.record, x, perm);
  }),
  kernel("DepthToSpace", (call) => {
    const x = call.input("x");
    const size = attribute<number>(call, "blockSize");
    if (attribute<string>(call, "dataFormat") !== "NHWC") return null;
    const [b, h, w, c] = x.shape as [number, number, number, number];
    const depth = c / (size * size);
    const parts = reshaped(call.record, x, [b, h, w, size, size, depth]);
    return reshaped(call.record, permuted(call.record, parts, [0, 1, 3, 2, 4, 5]), [
      b,
      h * size,
      w * size,
      depth,
    ]);
  }),
  kernel("BatchToSpaceND", (call) => {
    const x = call.input("x");
    const block = attribute<number[]>(call, "blockShape");
    const crops = attribute<number[][]>(call, "crops");
    const product = sizeOf(block);
    const split = backend_util.getReshaped([...x.shape], block, product);
    const order = backend_util.getPermuted(split.length, block.length);
    const merged = backend_util.getReshapedPermuted([...x.shape], block, product);
    const begin = backend_util.getSliceBeginCoords(crops, block.length);
    const size = backend_util.getSliceSize(merged, crops, block.length);
    return slice(
      call,
      reshaped(call.record, permuted(call.record, reshaped(call.record, x, split), order), merged),
      begin,
      size,
    );
  }),
  kernel("SpaceToBatchND", (call) => {
    const x = call.input("x");
    const block = attribute<number[]>(call, "blockShape");
    const paddings: number[][] = [[0, 0], ...attribute<number[][]>(call, "paddings")];
    while (paddings.length < x.shape.length) paddings.push([0, 0]);
    if (x.dtype !== "float32") return null;
    const big = paddings.some(([a, b]) => a !== 0 || b !== 0)
      ? padded(call, x, paddings, "constant", [call.record.scalar(0, x.dtype)])
      : x;
    const product = sizeOf(block);
    const split = backend_util.getReshaped([...big.shape], block, product, false);
    const order = backend_util.getPermuted(split.length, block.length, false);
    const merged = backend_util.getReshapedPermuted([...big.shape], block, product, false);
    return reshaped(call.record, permuted(call.record, reshaped(call.record, big, split), order), merged);
  }),
];
