import * as tf from "@tensorflow/tfjs-core";
import { registerWebgpuKernels, webgpuKernels } from "../src/webgpu/index.ts";
import { composedNorm } from "../test/webgpu/composed-norm.ts";
import { hasDevice, startDevice } from "../test/webgpu/device.ts";

/** One row of the table: the same work by stock kernels and by ours. */
interface Case {
  readonly label: string;
  readonly shapes: readonly (readonly number[])[];
  readonly stock: (...x: tf.Tensor4D[]) => tf.Tensor | tf.Tensor[];
  /** Like `stock` when left out. */
  readonly ours?: (...x: tf.Tensor4D[]) => tf.Tensor | tf.Tensor[];
}

const call = (name: string, inputs: tf.NamedTensorMap, attrs: object): tf.Tensor | tf.Tensor[] =>
  tf.engine().runKernel(name, inputs, attrs as tf.NamedAttrMap) as tf.Tensor | tf.Tensor[];

const conv = (strides: number): object => ({ strides, pad: "same", dataFormat: "NHWC" });
const byFilter =
  (filterShape: readonly number[], strides = 1) =>
  (x: tf.Tensor, dy: tf.Tensor) =>
    call("Conv2DBackpropFilter", { x, dy }, { ...conv(strides), filterShape });
const byInput =
  (inputShape: readonly number[], strides = 1) =>
  (dy: tf.Tensor, filter: tf.Tensor) =>
    call("Conv2DBackpropInput", { dy, filter }, { ...conv(strides), inputShape });

const norm = { groups: 8, eps: 1e-5, activation: "silu" } as const;
const composed = composedNorm(norm);

const cases: readonly Case[] = [
  { label: "conv2d filter gradient, 2×16×16×64, 3×3×64×64", shapes: [[2, 16, 16, 64], [2, 16, 16, 64]], stock: byFilter([3, 3, 64, 64]) },
  { label: "conv2d filter gradient, 2×32×32×32, 3×3×32×32", shapes: [[2, 32, 32, 32], [2, 32, 32, 32]], stock: byFilter([3, 3, 32, 32]) },
  { label: "conv2d filter gradient, 8×32×32×3, 3×3×3×32", shapes: [[8, 32, 32, 3], [8, 32, 32, 32]], stock: byFilter([3, 3, 3, 32]) },
  { label: "conv2d filter gradient, 2×32×32×32, 3×3, stride 2", shapes: [[2, 32, 32, 32], [2, 16, 16, 32]], stock: byFilter([3, 3, 32, 32], 2) },
  { label: "conv2d input gradient, 2×16×16×64, 3×3×64×64", shapes: [[2, 16, 16, 64], [3, 3, 64, 64]], stock: byInput([2, 16, 16, 64]) },
  { label: "conv2d input gradient, 2×32×32×32, 3×3×32×32", shapes: [[2, 32, 32, 32], [3, 3, 32, 32]], stock: byInput([2, 32, 32, 32]) },
  { label: "conv2d input gradient, 2×32×32×32, 3×3, stride 2", shapes: [[2, 16, 16, 32], [3, 3, 32, 32]], stock: byInput([2, 32, 32, 32], 2) },
  { label: "group norm and SiLU, 8×32×32×32", shapes: [[8, 32, 32, 32], [1, 1, 1, 32], [1, 1, 1, 32]], stock: composed, ours: (x, scale, shift) => call("GroupNorm", { x, scale, shift }, norm) },
  { label: "its gradients, 8×32×32×32", shapes: [[8, 32, 32, 32], [1, 1, 1, 32], [1, 1, 1, 32], [8, 32, 32, 32], [8, 8], [8, 8]], stock: (x, scale, shift, dy) => tf.grads(composed as never)([x, scale, shift], dy), ours: (x, scale, shift, dy, mean, rstd) => call("GroupNormGrad", { dy, x, scale, shift, mean, rstd }, norm) },
  { label: "sum of 8×32×32×32", shapes: [[8, 32, 32, 32]], stock: (x) => tf.sum(x) },
  { label: "sum over [0, 1, 2] of 8×32×32×32 (bias gradient)", shapes: [[8, 32, 32, 32]], stock: (x) => tf.sum(x, [0, 1, 2]) },
  { label: "sum over [1, 2] of 8×32×32×32 (gradient of the time's shift)", shapes: [[8, 32, 32, 32]], stock: (x) => tf.sum(x, [1, 2]) },
]; // biome-ignore format: one case per line

if (!hasDevice) process.exit(1);
await startDevice();

type Registry = ReadonlyMap<string, tf.KernelConfig | undefined>;
const registered = (): Registry =>
  new Map(webgpuKernels.map(({ name }) => [name, tf.getKernel(name, "webgpu")]));
const stock = registered();
registerWebgpuKernels();
const ours = registered();

function use(kernels: Registry): void {
  for (const [name, config] of kernels) {
    if (tf.getKernel(name, "webgpu")) tf.unregisterKernel(name, "webgpu");
    if (config) tf.registerKernel(config);
  }
}

const { device } = tf.backend() as unknown as {
  readonly device: { readonly queue: { onSubmittedWorkDone(): Promise<void> } };
};
const backend = tf.backend() as unknown as {
  submitQueue(): void;
  endComputePassEncoder(): void;
  ensureCommandEncoderReady(): void;
};

let dispatches = 0;
const recording = tf.backend() as unknown as { recordAndSubmit(...given: unknown[]): void };
const record = recording.recordAndSubmit.bind(recording);
recording.recordAndSubmit = (...given) => {
  dispatches++;
  record(...given);
};

async function time(f: () => tf.Tensor | tf.Tensor[]): Promise<number> {
  const start = process.cpuUsage();
  tf.dispose(tf.tidy(f));
  backend.ensureCommandEncoderReady();
  backend.endComputePassEncoder();
  backend.submitQueue();
  await device.queue.onSubmittedWorkDone();
  const { user, system } = process.cpuUsage(start);
  return (user + system) / 1000;
}

const median = (times: number[]): number => times.sort((a, b) => a - b)[times.length >> 1]!;
const rounds = Number(process.argv[2] ?? 5);

for (const { label, shapes, stock: before, ours: after = before } of cases) {
  const x = shapes.map((shape) => tf.randomNormal([...shape] as [number]) as unknown as tf.Tensor4D);
  const times: [number[], number[]] = [[], []];
  const counts = [0, 0];
  for (let round = -1; round < rounds; round++) {
    for (const [i, [kernels, f]] of (
      [
        [stock, before],
        [ours, after],
      ] as const
    ).entries()) {
      use(kernels);
      dispatches = 0;
      const spent = await time(() => f(...x));
      counts[i] = dispatches;
      if (round >= 0) times[i]!.push(spent);
    }
  }
  tf.dispose(x);
  const [a, b] = times.map(median) as [number, number];
  console.log(
    `| ${label} | ${counts[0]} | ${a.toFixed(1)} | ${counts[1]} | ${b.toFixed(1)} | ${(a / b).toFixed(1)}× |`,
  );
}
process.exit(0);
