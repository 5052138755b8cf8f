import "@tensorflow/tfjs";
import "@tensorflow/tfjs-backend-wasm";
import * as tf from "@tensorflow/tfjs-core";
import { registerWasmKernels, wasmKernels } from "../src/wasm/index.ts";

/** One row of the table: a kernel on shapes of a U-Net. */
interface Case {
  readonly label: string;
  readonly name: string;
  readonly inputs: Readonly<Record<string, readonly number[]>>;
  readonly attrs: Readonly<Record<string, unknown>>;
}

const conv = (strides: number): Record<string, unknown> => ({ strides, pad: "same", dataFormat: "NHWC" });
const big = { x: [4, 32, 32, 64], w: [3, 3, 64, 64] };
const wide = { x: [32, 16, 16, 64], w: [3, 3, 64, 64] };
const plain = { transposeA: false, transposeB: false };

const cases: readonly Case[] = [
  { label: "conv2d filter gradient, 4×32×32×64, 3×3×64×64", name: "Conv2DBackpropFilter", inputs: { x: big.x, dy: big.x }, attrs: { ...conv(1), filterShape: big.w } },
  { label: "conv2d filter gradient, 32×16×16×64, 3×3×64×64", name: "Conv2DBackpropFilter", inputs: { x: wide.x, dy: wide.x }, attrs: { ...conv(1), filterShape: wide.w } },
  { label: "conv2d input gradient, 4×32×32×64, 3×3×64×64", name: "Conv2DBackpropInput", inputs: { dy: big.x, filter: big.w }, attrs: { ...conv(1), inputShape: big.x } },
  { label: "conv2d input gradient, 32×16×16×64, 3×3×64×64", name: "Conv2DBackpropInput", inputs: { dy: wide.x, filter: wide.w }, attrs: { ...conv(1), inputShape: wide.x } },
  { label: "conv2d input gradient, 4×32×32×64, 3×3, stride 2", name: "Conv2DBackpropInput", inputs: { dy: [4, 16, 16, 64], filter: big.w }, attrs: { ...conv(2), inputShape: big.x } },
  { label: "conv2d input gradient, 4×32×32×64, 4×4, stride 2", name: "Conv2DBackpropInput", inputs: { dy: [4, 16, 16, 64], filter: [4, 4, 64, 64] }, attrs: { ...conv(2), inputShape: big.x } },
  { label: "depthwise filter gradient, 4×32×32×64, 7×7", name: "DepthwiseConv2dNativeBackpropFilter", inputs: { x: big.x, dy: big.x }, attrs: { ...conv(1), dilations: 1, filterShape: [7, 7, 64, 1] } },
  { label: "depthwise input gradient, 4×32×32×64, 7×7", name: "DepthwiseConv2dNativeBackpropInput", inputs: { dy: big.x, filter: [7, 7, 64, 1] }, attrs: { ...conv(1), dilations: 1, inputShape: big.x } },
  { label: "matMul aᵀ·b, 576×1024, 1024×256", name: "BatchMatMul", inputs: { a: [1024, 576], b: [1024, 256] }, attrs: { ...plain, transposeA: true } },
  { label: "matMul a·bᵀ, 1024×576, 256×576", name: "BatchMatMul", inputs: { a: [1024, 576], b: [256, 576] }, attrs: { ...plain, transposeB: true } },
  { label: "attention q·kᵀ, 8 × 256×32", name: "BatchMatMul", inputs: { a: [8, 256, 32], b: [8, 256, 32] }, attrs: { ...plain, transposeB: true } },
  { label: "attention weights·v, 8 × 256×256, 256×32", name: "BatchMatMul", inputs: { a: [8, 256, 256], b: [8, 256, 32] }, attrs: plain },
  { label: "mean over [1, 3], 8×1024×8×8 (group norm)", name: "Mean", inputs: { x: [8, 1024, 8, 8] }, attrs: { axis: [1, 3], keepDims: true } },
  { label: "sum over [0, 1, 2], 8×32×32×64 (bias gradient)", name: "Sum", inputs: { x: [8, 32, 32, 64] }, attrs: { axis: [0, 1, 2], keepDims: false } },
  { label: "x − mean, 8×1024×8×8 − 8×1×8×1", name: "Sub", inputs: { a: [8, 1024, 8, 8], b: [8, 1, 8, 1] }, attrs: {} },
  { label: "transpose [1, 0], 4096×64", name: "Transpose", inputs: { x: [4096, 64] }, attrs: { perm: [1, 0] } },
  { label: "transpose [0, 2, 1, 3], 8×256×4×32 (heads)", name: "Transpose", inputs: { x: [8, 256, 4, 32] }, attrs: { perm: [0, 2, 1, 3] } },
  { label: "transpose [2, 0, 3, 1, 4], 8×256×3×4×32 (q, k, v)", name: "Transpose", inputs: { x: [8, 256, 3, 4, 32] }, attrs: { perm: [2, 0, 3, 1, 4] } },
  { label: "concat of channels, 2 × 8×32×32×64", name: "Concat", inputs: { 0: [8, 32, 32, 64], 1: [8, 32, 32, 64] }, attrs: { axis: 3 } },
  { label: "slice of 1 image out of 4×32×32×64", name: "Slice", inputs: { x: big.x }, attrs: { begin: [1, 0, 0, 0], size: [1, 32, 32, 64] } },
  { label: "split in 3, 8×256×384 (q, k, v)", name: "SplitV", inputs: { x: [8, 256, 384] }, attrs: { numOrSizeSplits: [128, 128, 128], axis: 2 } },
  { label: "tile ×2×2, 4×16×1×16×1×64 (upsampling)", name: "Tile", inputs: { x: [4, 16, 1, 16, 1, 64] }, attrs: { reps: [1, 1, 2, 1, 2, 1] } },
  { label: "nearest resize gradient, 4×32×32×64 → 16×16", name: "ResizeNearestNeighborGrad", inputs: { images: [4, 16, 16, 64], dy: big.x }, attrs: { alignCorners: false } },
  { label: "max pool gradient 2×2, 4×32×32×64", name: "MaxPoolGrad", inputs: { input: big.x, dy: [4, 16, 16, 64] }, attrs: { filterSize: 2, strides: 2, pad: "same" } },
]; // biome-ignore format: one case per line

const stock = new Map(wasmKernels.map(({ name }) => [name, tf.getKernel(name, "wasm")?.kernelFunc]));
registerWasmKernels();
await tf.setBackend("wasm");

const median = (times: number[]): number => times.sort((a, b) => a - b)[times.length >> 1]!;

for (const { label, name, inputs, attrs } of cases) {
  const named = Object.fromEntries(
    Object.entries(inputs).map(([key, shape]) => [key, tf.randomNormal([...shape] as [number])]),
  );
  const tensors = name === "Concat" ? (Object.values(named) as unknown as typeof named) : named;
  const backend = tf.backend() as tf.KernelBackend;
  const time = (run: tf.KernelFunc): number => {
    const start = performance.now();
    const out = [run({ inputs: tensors, attrs: attrs as never, backend })].flat();
    const spent = performance.now() - start;
    for (const info of out) backend.disposeData(info.dataId);
    return spent;
  };
  const theirs = stock.get(name);
  const ours = tf.getKernel(name, "wasm").kernelFunc;
  const [before, after]: [number[], number[]] = [[], []];
  for (let round = -2; round < 21; round++) {
    const spent = [theirs ? time(theirs) : Number.NaN, time(ours)] as const;
    if (round >= 0) before.push(spent[0]);
    if (round >= 0) after.push(spent[1]);
  }
  const [old, now] = [median(before), median(after)];
  const cells = theirs
    ? [old.toFixed(2), now.toFixed(2), `${(old / now).toFixed(1)}×`]
    : ["missing", now.toFixed(2), ""];
  console.log(`| ${[label, ...cells].join(" | ")} |`);
  tf.dispose(tensors);
}
