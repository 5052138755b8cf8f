import type { TensorInfo } from "@tensorflow/tfjs-core";
import { sizeOf } from "../../size-of.ts";
import type { WebgpuBackend } from "../backend.ts";
import { joinRows } from "./join-rows.ts";
import { launch, type Numbers } from "./launch.ts";

/** What is made of the numbers. */
export type ReduceOp = "sum" | "mean" | "max";

/** How a tensor is reduced. */
export interface Reduction {
  readonly op: ReduceOp;
  readonly axes: readonly number[];
}

/** Axes that follow one another and are treated alike are one. */
interface Run {
  size: number;
  readonly stride: number;
}

/** Invocations of a workgroup. */
const LANES = 256;

/** Workgroups that fill a device, and numbers that are worth an invocation. */
const ENOUGH = 256;
const FEWEST = 64;

/** Numbers that an invocation adds up alone before others help. */
const EACH = 16;

interface Runs {
  readonly kept: readonly Run[];
  readonly reduced: readonly Run[];
  /** Whether the last axis is reduced: then neighbouring invocations go along it. */
  readonly inner: boolean;
}

function runsOf(shape: readonly number[], axes: readonly number[]): Runs {
  const kept: Run[] = [];
  const reduced: Run[] = [];
  let stride = 1;
  let last: Run[] | undefined;
  let inner: boolean | undefined;
  for (let axis = shape.length - 1; axis >= 0; axis--) {
    const size = shape[axis]!;
    if (size === 1) continue;
    const runs = axes.includes(axis) ? reduced : kept;
    inner ??= runs === reduced;
    if (runs === last) runs[0]!.size *= size;
    else runs.unshift({ size, stride });
    last = runs;
    stride *= size;
  }
  return { kept, reduced, inner: inner ?? true };
}

/** Axes that alternate more than three times: left to the stock kernel. */
export const reduces = (shape: readonly number[], axes: readonly number[]): boolean => {
  const { kept, reduced } = runsOf(shape, axes);
  return kept.length <= 3 && reduced.length <= 3;
};

const powerOf2 = (least: number): number => 2 ** Math.ceil(Math.log2(Math.max(1, least)));

/** Invocations per result where neighbours have neighbouring results: at most so many that each has whole lines. */
const rowsOf = (outputs: number, count: number): number =>
  Math.min(LANES / Math.min(32, powerOf2(outputs)), powerOf2(count / EACH));

/** `offset` of the n-th element among runs: sizes and strides of the last two, and the stride of the first. */
function numbersOf(name: string, runs: readonly Run[]): Numbers {
  const one = { size: 1, stride: 0 };
  const [first, second, third] = [...Array<Run>(3 - runs.length).fill(one), ...runs] as [Run, Run, Run];
  return {
    [`${name}Size1`]: { i32: second.size },
    [`${name}Size2`]: { i32: third.size },
    [`${name}Stride0`]: { i32: first.stride },
    [`${name}Stride1`]: { i32: second.stride },
    [`${name}Stride2`]: { i32: third.stride },
  };
}

/** One run needs no division. */
const offset = (name: string, runs: readonly Run[]): string =>
  runs.length <= 1
    ? `fn ${name}Offset(n: i32) -> i32 { return n * uniforms.${name}Stride2; }`
    : `fn ${name}Offset(n: i32) -> i32 {
    let rest = n / uniforms.${name}Size2;
    return rest / uniforms.${name}Size1 * uniforms.${name}Stride0 + rest % uniforms.${name}Size1 * uniforms.${name}Stride1
      + n % uniforms.${name}Size2 * uniforms.${name}Stride2;
  }`;

/** WGSL may take it that there is no NaN: found by its bits, as the stock kernel does. */
const JOIN: Readonly<Record<ReduceOp, string>> = {
  sum: "return a + b;",
  mean: "return a + b;",
  max: `if ((bitcast<u32>(a) & 0x7fffffffu) > 0x7f800000u) { return a; }
    if ((bitcast<u32>(b) & 0x7fffffffu) > 0x7f800000u) { return b; }
    return max(a, b);`,
};

/**
 * Reduces float32 `x` into `result`, which is there already: one dispatch, or two where few results are made from
 * many numbers. The order of summation depends on the shape alone.
 */
export function reduceInto(backend: WebgpuBackend, x: TensorInfo, result: TensorInfo, how: Reduction): void {
  const { kept, reduced, inner } = runsOf(x.shape, how.axes);
  const outputs = sizeOf(kept.map(({ size }) => size));
  const count = sizeOf(reduced.map(({ size }) => size));
  const rows = inner ? Math.min(LANES, powerOf2(count / EACH)) : rowsOf(outputs, count);
  const columns = LANES / rows;
  const groups = Math.ceil(outputs / columns);
  const splits = Math.min(Math.ceil(ENOUGH / groups), Math.floor(count / (rows * FEWEST)), ENOUGH);
  const span = Math.ceil(count / Math.max(1, splits));
  const parts = Math.ceil(count / span);
  const partial = parts === 1 ? result : backend.makeTensorInfo([parts, outputs], "float32");
  const factor = how.op === "mean" && parts === 1 ? 1 / count : 1;
  const final = { op: how.op, factor: how.op === "mean" ? 1 / count : 1 };
  run(backend, x, partial, { op: how.op, factor, inner, rows, outputs, count, span, parts, kept, reduced });
  if (parts === 1) return;
  run(backend, partial, result, {
    ...final,
    inner: false,
    rows: rowsOf(outputs, parts),
    outputs,
    count: parts,
    span: parts,
    parts: 1,
    kept: [{ size: outputs, stride: 1 }],
    reduced: [{ size: parts, stride: outputs }],
  });
  backend.disposeData(partial.dataId);
}

interface Stage {
  readonly op: ReduceOp;
  readonly factor: number;
  readonly inner: boolean;
  /** Invocations per result. */
  readonly rows: number;
  readonly outputs: number;
  readonly count: number;
  readonly span: number;
  readonly parts: number;
  readonly kept: readonly Run[];
  readonly reduced: readonly Run[];
}

function run(backend: WebgpuBackend, x: TensorInfo, result: TensorInfo, stage: Stage): void {
  const { op, inner, rows, outputs, count, span, parts, factor } = stage;
  const columns = LANES / rows;
  const blocks = Math.ceil(outputs / columns);
  launch(backend, {
    name: `Reduce.${op}`,
    key: `${inner} ${rows} ${stage.kept.length > 1} ${stage.reduced.length > 1}`,
    inputs: { x },
    outputs: { result },
    numbers: {
      ...numbersOf("kept", stage.kept),
      ...numbersOf("reduced", stage.reduced),
      outputs: { i32: outputs },
      count: { i32: count },
      span: { i32: span },
      blocks: { i32: blocks },
      factor: { f32: factor },
    },
    workgroup: [LANES],
    workgroups: [blocks * parts],
    source: () => `
      ${rows === 1 ? "" : `var<workgroup> shared_: array<f32, ${LANES}>;`}
      ${offset("kept", stage.kept)}
      ${offset("reduced", stage.reduced)}
      fn joined(a: f32, b: f32) -> f32 { ${JOIN[op]} }
      fn run(group: vec3<u32>, local: vec3<u32>, index: u32) {
        let row = i32(index) ${inner ? "%" : "/"} ${inner ? rows : columns};
        let output = i32(group.x) % uniforms.blocks * ${columns}
          + i32(index) ${inner ? "/" : "%"} ${inner ? rows : columns};
        let part = i32(group.x) / uniforms.blocks;
        let first = part * uniforms.span;
        let last = min(first + uniforms.span, uniforms.count);
        let start = keptOffset(min(output, uniforms.outputs - 1));
        // Rows past the end repeat the last number: they count for nothing in a sum and change no maximum.
        var found = x[start + reducedOffset(min(first + row, last - 1))];
        ${op === "max" ? "" : "if (first + row >= last) { found = 0.0; }"}
        for (var i = first + row + ${rows}; i < last; i += ${rows}) {
          found = joined(found, x[start + reducedOffset(i)]);
        }
        ${
          rows === 1
            ? ""
            : `shared_[index] = found;
        ${joinRows({
          rows: `${rows}`,
          row: "row",
          stride: `${inner ? 1 : columns}`,
          at: "i32(index)",
          join: (at, other) => `shared_[${at}] = joined(shared_[${at}], shared_[${other}]);`,
        })}
        found = shared_[index];`
        }
        if (row == 0 && output < uniforms.outputs) {
          result[part * uniforms.outputs + output] = found * uniforms.factor;
        }
      }`,
  });
}
