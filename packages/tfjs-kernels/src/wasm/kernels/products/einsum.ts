import {
  BatchMatMul,
  backend_util,
  Einsum,
  Sum,
  type Tensor,
  type TensorInfo,
  Transpose,
} from "@tensorflow/tfjs-core";
import { sizeOf } from "../../../size-of.ts";
import { reshaped, type WasmBackend } from "../../heap.ts";
import { call, kernel, type WasmKernel } from "../../kernel.ts";
import { refuse } from "../../refuse.ts";

type Inputs = readonly TensorInfo[];

interface Attributes {
  readonly equation: string;
}

/** A tensor with a letter per axis. */
interface Lettered {
  readonly x: TensorInfo;
  readonly letters: readonly string[];
}

/** Puts axes in the order of `letters`, summing away those not in it; the result belongs to the caller. */
function ordered(backend: WasmBackend, { x, letters }: Lettered, order: readonly string[]): TensorInfo {
  const axis = letters.flatMap((letter, i) => (order.includes(letter) ? [] : [i]));
  const left = letters.filter((letter) => order.includes(letter));
  const summed =
    axis.length > 0 ? call(backend, Sum, { x }, { axis, keepDims: false }) : reshaped(backend, x, x.shape);
  const perm = order.map((letter) => left.indexOf(letter));
  if (perm.every((from, i) => from === i)) return summed;
  const out = call(backend, Transpose, { x: summed }, { perm });
  backend.disposeData(summed.dataId);
  return out;
}

/** Two operands as one batched matrix product: shared letters are batch when kept and contracted when not. */
function contract(backend: WasmBackend, a: Lettered, b: Lettered, kept: readonly string[]): TensorInfo {
  const shared = a.letters.filter((letter) => b.letters.includes(letter));
  const batch = shared.filter((letter) => kept.includes(letter));
  const inner = shared.filter((letter) => !kept.includes(letter));
  const own = ({ letters }: Lettered): string[] =>
    letters.filter((letter) => kept.includes(letter) && !shared.includes(letter));
  const length = (letter: string): number => {
    const at = a.letters.indexOf(letter);
    return at >= 0 ? a.x.shape[at]! : b.x.shape[b.letters.indexOf(letter)]!;
  };
  const size = (letters: readonly string[]): number => sizeOf(letters.map(length));
  const left = ordered(backend, a, [...batch, ...own(a), ...inner]);
  const right = ordered(backend, b, [...batch, ...inner, ...own(b)]);
  const matrices = {
    a: { ...left, shape: [size(batch), size(own(a)), size(inner)] },
    b: { ...right, shape: [size(batch), size(inner), size(own(b))] },
  };
  const product = call(backend, BatchMatMul, matrices, { transposeA: false, transposeB: false });
  backend.disposeData(left.dataId);
  backend.disposeData(right.dataId);
  const letters = [...batch, ...own(a), ...own(b)];
  const out = ordered(backend, { x: { ...product, shape: letters.map(length) }, letters }, kept);
  backend.disposeData(product.dataId);
  return out;
}

/** Sums of products written with letters, e.g. "bik,bjk->bij"; one or two float32 operands, explicit output. */
export const einsum: WasmKernel = kernel<Inputs, Attributes>(
  Einsum,
  "missing",
  ({ inputs, attrs: { equation }, backend }) => {
    const operands = Array.from({ length: Object.keys(inputs).length }, (_, i) => inputs[i]!);
    const { allDims, idDims } = backend_util.decodeEinsumEquation(equation, operands.length);
    backend_util.checkEinsumDimSizes(allDims.length, idDims, operands as Tensor[]);
    const other = operands.find((x) => x.dtype !== "float32");
    if (other) refuse(Einsum, `got dtype ${other.dtype}, expected float32.`, "Cast the operands first.");
    const [terms, kept] = equation.replace(/\s/g, "").split("->") as [string, string];
    const [a, b] = terms.split(",").map((term, i): Lettered => ({ x: operands[i]!, letters: [...term] }));
    return b ? contract(backend, a!, b, [...kept]) : ordered(backend, a!, [...kept]);
  },
);
