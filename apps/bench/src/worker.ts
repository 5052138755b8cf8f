/**
 * One engine, one piece of work, one process. Prints one JSON object.
 *
 * Usage: worker.ts ENGINE train|sample SIZE BATCH THREADS WARMUP STEPS
 */
import "@tensorflow/tfjs";
import { compiledStep, configureOnnx, onnxStatistics } from "@ddpm/tfjs-backend-onnx";
import { registerWasmKernels } from "@ddpm/tfjs-kernels/wasm";
import { registerWebgpuKernels } from "@ddpm/tfjs-kernels/webgpu";
import * as tf from "@tensorflow/tfjs-core";
import { countDispatches, type DispatchCounter, type Dispatches } from "./dispatches.ts";
import { SIZES } from "./model.ts";
import { adamScalars, initialParams, numbers, predict, type StepTensors, trainingStep } from "./step.ts";
import { provideWebgpu } from "./webgpu.ts";

const [engine, work, sizeName, ...counts] = process.argv.slice(2) as [string, string, string, ...string[]];
const [batch, threads, warmup, steps] = counts.map(Number) as [number, number, number, number];
const size = SIZES[sizeName]!;
const compiled = engine === "onnx";
const backend = engine.split("-")[0]!;
const profile = process.env.BENCH_PROFILE ?? "";
if (backend === "onnx") configureOnnx({ threads, profile });
if (backend === "wasm") await import("@tensorflow/tfjs-backend-wasm");
const adapter = backend === "webgpu" ? await provideWebgpu() : undefined;
if (!(await tf.setBackend(backend))) throw new Error(`backend ${backend} is not available`);
if (engine === "wasm") registerWasmKernels();
if (engine === "webgpu") registerWebgpuKernels();
const counter: DispatchCounter | undefined =
  backend === "webgpu" ? countDispatches(Boolean(process.env.BENCH_DRY)) : undefined;
let dispatches: Dispatches | undefined;

/** WebGPU cannot wait for a result, the other backends need not. */
const read = async (tensor: tf.Tensor): Promise<Float32Array> =>
  counter ? tensor.data<"float32">() : tensor.dataSync<"float32">();

const started = performance.now();
const params = initialParams(size);
const names = Object.keys(params);
const shape: [number, number, number, number] = [batch, size.pixels, size.pixels, 3];
const pictures = numbers(
  shape.reduce((a, b) => a * b),
  1001,
);
const noise = numbers(pictures.length, 1002);
const time = Float32Array.from({ length: batch }, (_, i) => i);

function cpuMilliseconds(since: NodeJS.CpuUsage): number {
  const { user, system } = process.cpuUsage(since);
  return (user + system) / 1000;
}

const times: number[] = [];
const cpuTimes: number[] = [];
const values: number[] = [];
const total = warmup + steps;

if (work === "train") {
  const step = trainingStep(size, names);
  const run = compiled
    ? compiledStep(step)
    : (inputs: StepTensors): StepTensors => tf.tidy(() => step(inputs));
  let state: StepTensors = {};
  for (const name of names) {
    state[`params/${name}`] = params[name]!;
    for (const kind of ["mean", "square"]) state[`${kind}/${name}`] = tf.zeros(params[name]!.shape);
  }
  counter?.take();
  for (let n = 1; n <= total; n++) {
    const start = performance.now();
    const cpuStart = process.cpuUsage();
    const { rate, floor } = adamScalars(n, 1e-3);
    const fresh: StepTensors = {
      x: tf.tensor4d(pictures, shape),
      noise: tf.tensor4d(noise, shape),
      time: tf.tensor1d(time),
      rate: tf.scalar(rate),
      floor: tf.scalar(floor),
    };
    const { loss, ...next } = run({ ...state, ...fresh });
    tf.dispose([Object.values(state), Object.values(fresh)]);
    state = next;
    values.push((await read(loss!))[0]!);
    loss!.dispose();
    dispatches = counter?.take();
    times.push(performance.now() - start);
    cpuTimes.push(cpuMilliseconds(cpuStart));
  }
} else {
  const forward = (inputs: StepTensors): StepTensors => ({
    noise: predict(params, size, inputs.x as tf.Tensor4D, inputs.time as tf.Tensor1D),
  });
  const run = compiled
    ? compiledStep(forward)
    : (inputs: StepTensors): StepTensors => tf.tidy(() => forward(inputs));
  for (let n = 1; n <= total; n++) {
    const start = performance.now();
    const cpuStart = process.cpuUsage();
    const inputs = { x: tf.tensor4d(pictures, shape), time: tf.tensor1d(time) };
    const { noise: predicted } = run(inputs);
    const data = await read(predicted!);
    dispatches = counter?.take();
    times.push(performance.now() - start);
    cpuTimes.push(cpuMilliseconds(cpuStart));
    values.push(data.reduce((sum, value) => sum + value * value, 0));
    tf.dispose([predicted!, inputs.x, inputs.time]);
  }
}
const parameters = Object.values(params).reduce((sum, tensor) => sum + tensor.size, 0);
const first = times[0]!;
console.log(
  JSON.stringify({
    engine,
    times,
    cpuTimes,
    values,
    parameters,
    firstStepMilliseconds: first,
    startMilliseconds: performance.now() - started,
    peakMegabytes: process.resourceUsage().maxRSS / 1024,
    ...(adapter ? { adapter, ...dispatches } : {}),
    ...(backend === "onnx" ? { statistics: onnxStatistics() } : {}),
  }),
);
if (profile) tf.removeBackend(backend);
process.exit(0);
