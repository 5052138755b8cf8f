import type { Lowering, OpDefinition, Value } from "../../graph/operation.ts";
import { type Shape, sizeOf } from "../../tensor/shape.ts";
import { type Activation, activate, canActivate } from "../elementwise/activation.ts";
import { broadcastResult } from "../elementwise/elementwise.ts";
import { attribute, type KernelCall, kernel, type LoweredKernel } from "../kernel.ts";

interface MatMul {
  readonly transposeA: boolean;
  readonly transposeB: boolean;
  readonly activation: Activation;
  readonly alpha: number;
}

/** Products of the last two axes; Gemm for single matrices, which takes transposed operands as they are. */
const matMulOp: OpDefinition = {
  name: "MatMul",
  lower: (c, node) => {
    const { transposeA, transposeB, activation, alpha } = node.attributes as unknown as MatMul;
    const [a, b, bias, prelu] = node.inputs;
    const y = node.outputs[0]!;
    let product = multiply(c, a!, b!, transposeA, transposeB, y.shape);
    if (bias) product = c.emit("Add", [product, c.operand(bias)], c.shapeOf(product));
    product = activate(c, activation, product, alpha, prelu && c.operand(prelu));
    c.set(y, c.reshape(product, y.shape));
  },
};

function multiply(c: Lowering, a: Value, b: Value, transA: boolean, transB: boolean, shape: Shape): string {
  const rank = a.shape.length;
  const batchOf = (x: Value): number => sizeOf(x.shape.slice(0, -2));
  const rows = shape.at(-2)!;
  const columns = shape.at(-1)!;
  if (batchOf(a) === 1 && batchOf(b) === 1) {
    const matrix = (x: Value): string => c.reshape(c.get(x), x.shape.slice(-2));
    return c.emit("Gemm", [matrix(a), matrix(b)], [rows, columns], {
      transA: transA ? 1 : 0,
      transB: transB ? 1 : 0,
    });
  }
  if (batchOf(b) === 1 && !transA) {
    // One matrix on the right: all batches of the left one are rows of a single product.
    const left = c.reshape(c.get(a), [batchOf(a) * a.shape.at(-2)!, a.shape.at(-1)!]);
    const right = c.reshape(c.get(b), b.shape.slice(-2));
    return c.emit("Gemm", [left, right], [batchOf(a) * rows, columns], { transA: 0, transB: transB ? 1 : 0 });
  }
  if (!transA && !transB) return c.emit("MatMul", [c.get(a), c.get(b)], shape);
  if (rank < 2 || !c.blocked) {
    const swap = (name: string, size: number): string =>
      c.transpose(name, [...Array.from({ length: size - 2 }, (_, i) => i), size - 1, size - 2]);
    const left = transA ? swap(c.get(a), a.shape.length) : c.get(a);
    const right = transB ? swap(c.get(b), b.shape.length) : c.get(b);
    return c.emit("MatMul", [left, right], shape);
  }
  return c.emit(
    "FusedMatMul",
    [c.get(a), c.get(b)],
    shape,
    { transA: transA ? 1 : 0, transB: transB ? 1 : 0, alpha: { float: 1 } },
    "com.microsoft",
  );
}

function record(call: KernelCall, bias: Value | null, prelu: Value | null): Value | null {
  const a = call.input("a");
  const b = call.input("b");
  const activation = (attribute<Activation | undefined>(call, "activation") ?? "linear") as Activation;
  const rankA = a.shape.length;
  const rankB = b.shape.length;
  if (a.dtype !== "float32" || b.dtype !== "float32" || rankA < 2 || rankB < 2 || !canActivate(activation))
    return null;
  if (sizeOf(a.shape) === 0 || sizeOf(b.shape) === 0) return null;
  const transposeA = attribute<boolean | undefined>(call, "transposeA") ?? false;
  const transposeB = attribute<boolean | undefined>(call, "transposeB") ?? false;
  const rows = a.shape[rankA - (transposeA ? 1 : 2)]!;
  const inner = a.shape[rankA - (transposeA ? 2 : 1)]!;
  const innerB = b.shape[rankB - (transposeB ? 1 : 2)]!;
  const columns = b.shape[rankB - (transposeB ? 2 : 1)]!;
  if (inner !== innerB) {
    throw new Error(
      `Error in matMul: inner shapes (${inner}) and (${innerB}) of Tensors with shapes ${a.shape} and ${b.shape}` +
        ` and transposeA=${transposeA} and transposeB=${transposeB} must match.`,
    );
  }
  const shape = [...broadcastResult(a.shape.slice(0, -2), b.shape.slice(0, -2)), rows, columns];
  const inputs = [a, b, ...(bias ? [bias] : []), ...(prelu ? [prelu] : [])];
  if (prelu && !bias) return null;
  const alpha = attribute<number | undefined>(call, "leakyreluAlpha") ?? 0.2;
  return call.record.op(matMulOp, inputs, shape, "float32", { transposeA, transposeB, activation, alpha });
}

export const matMulKernels: readonly LoweredKernel[] = [
  kernel("BatchMatMul", (call) => record(call, null, null)),
  kernel("_FusedMatMul", (call) =>
    record(
      call,
      call.has("bias") ? call.input("bias") : null,
      call.has("preluActivationWeights") ? call.input("preluActivationWeights") : null,
    ),
  ),
];
