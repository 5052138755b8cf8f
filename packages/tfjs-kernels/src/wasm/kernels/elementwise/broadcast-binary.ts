import { Add, broadcast_util, Multiply, RealDiv, Sub, type TensorInfo, Tile } from "@tensorflow/tfjs-core";
import { sizeOf } from "../../../size-of.ts";
import { call, kernel, type WasmKernel } from "../../kernel.ts";

interface Inputs {
  readonly a: TensorInfo;
  readonly b: TensorInfo;
}

/** Run length from which XNNPACK's inner loop is no longer the bottleneck. */
const LONG = 32;

/**
 * How often to repeat x along its trailing axes so that its contiguous runs become long; undefined when it is as it
 * should be, or when the copy would not be small against the output.
 */
function repeats(x: TensorInfo, out: readonly number[]): number[] | undefined {
  const shape = [...out.map(() => 1), ...x.shape].slice(-out.length);
  const reps = out.map(() => 1);
  let run = 1;
  let axis = out.length - 1;
  for (; axis >= 0 && run < LONG; axis--) {
    reps[axis] = out[axis]! / shape[axis]!;
    run *= out[axis]!;
  }
  const copy = sizeOf(x.shape) * sizeOf(reps);
  const useful = sizeOf(x.shape) > 1 && reps.some((count) => count > 1) && copy * 4 <= sizeOf(out);
  return useful ? reps : undefined;
}

/** Repeats an operand whose innermost axes broadcast, e.g. group statistics [B, 1, G, 1], before the stock kernel. */
const withLongRuns = (name: string): WasmKernel =>
  kernel<Inputs, Readonly<Record<string, unknown>>>(
    name,
    "slow: handles an operand that broadcasts along the last axes in runs of that length",
    ({ inputs, attrs, backend, stock }) => {
      const { a, b } = inputs;
      if (a.dtype !== "float32" || b.dtype !== "float32" || a.shape.join() === b.shape.join()) return stock();
      const out = broadcast_util.assertAndGetBroadcastShape(a.shape, b.shape);
      const long = (x: TensorInfo): TensorInfo | undefined => {
        const reps = repeats(x, out);
        const shape = [...out.map(() => 1), ...x.shape].slice(-out.length);
        return reps && call(backend, Tile, { x: { ...x, shape } }, { reps });
      };
      const [left, right] = [long(a), long(b)];
      const result = stock(attrs, { a: left ?? a, b: right ?? b });
      for (const copy of [left, right]) if (copy) backend.disposeData(copy.dataId);
      return result;
    },
  );

/** a + b with broadcasting. */
export const add: WasmKernel = withLongRuns(Add);

/** a − b with broadcasting. */
export const sub: WasmKernel = withLongRuns(Sub);

/** a · b, element by element, with broadcasting. */
export const multiply: WasmKernel = withLongRuns(Multiply);

/** a / b with broadcasting. */
export const realDiv: WasmKernel = withLongRuns(RealDiv);
