import { backend_util, Max, Mean, Sum, type TensorInfo, util } from "@tensorflow/tfjs-core";
import { sizeOf } from "../../size-of.ts";
import { kernel, type WebgpuKernel } from "../kernel.ts";
import { type ReduceOp, reduceInto, reduces } from "../program/reduce.ts";

interface Inputs {
  readonly x: TensorInfo;
}

interface Attributes {
  readonly axis?: number | number[];
  readonly reductionIndices?: number | number[];
  readonly keepDims?: boolean;
}

const reduction = (name: string, op: ReduceOp): WebgpuKernel =>
  kernel<Inputs, Attributes>(
    name,
    "slow: transposes first; one workgroup per result, however many numbers it takes",
    ({ inputs: { x }, attrs, backend, stock }) => {
      const given = attrs.axis ?? attrs.reductionIndices ?? x.shape.map((_, axis) => axis);
      const axes = util.parseAxisParam(given, x.shape);
      const onHost = op === "max" && backend.shouldExecuteOnCPU([x]);
      if (x.dtype !== "float32" || sizeOf(x.shape) === 0 || onHost || !reduces(x.shape, axes)) return stock();
      const [kept] = backend_util.computeOutAndReduceShapes(x.shape, axes);
      const shape = attrs.keepDims ? backend_util.expandShapeToKeepDim(kept, axes) : kept;
      const result = backend.makeTensorInfo(shape, "float32");
      reduceInto(backend, x, result, { op, axes });
      return result;
    },
  );

/** Sums along any axes, without a transposition. */
export const sum: WebgpuKernel = reduction(Sum, "sum");

/** Means along any axes, without a transposition. */
export const mean: WebgpuKernel = reduction(Mean, "mean");

/** Largest numbers along any axes, without a transposition; NaN where there is one. */
export const max: WebgpuKernel = reduction(Max, "max");
