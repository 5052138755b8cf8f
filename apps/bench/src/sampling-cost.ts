import { median } from "@ddpm/core/authoring";
/**
 * What sampling costs beyond the network: the loop of @ddpm/diffusion against bare calls of the same recorded network,
 * interleaved in one process on the onnx backend. Prints one JSON object per sampler.
 *
 * Usage: tsx --conditions=@ddpm/source apps/bench/src/sampling-cost.ts [THREADS] [ROUNDS] [STEPS]
 */
import "@tensorflow/tfjs";
import { type Denoiser, random } from "@ddpm/core";
import { denoiseWith, eps, lastOf, samplers, samplingLoop } from "@ddpm/diffusion";
import { linear, trailing } from "@ddpm/schedules";
import { compiledStep, configureOnnx, onnxStatistics } from "@ddpm/tfjs-backend-onnx";
import * as tf from "@tensorflow/tfjs-core";
import { SIZES } from "./model.ts";
import { initialParams, numbers, predict, type StepTensors } from "./step.ts";

const [threads = "1", rounds = "8", stepsText = "10"] = process.argv.slice(2);
const steps = Number(stepsText);
const size = SIZES.small!;
configureOnnx({ threads: Number(threads) });
if (!(await tf.setBackend("onnx"))) throw new Error("backend onnx is not available");

const params = initialParams(size);
const shape = [size.sampleBatch, size.pixels, size.pixels, 3] as const;
const denoiser: Denoiser = {
  name: "bench",
  specs: [],
  channels: 3,
  axes: 2,
  multiple: 4,
  init: () => params,
  apply: (weights, x, noise) => predict(weights, size, x as tf.Tensor4D, noise),
};
const bare = compiledStep((inputs: StepTensors) => ({
  noise: predict(params, size, inputs.x as tf.Tensor4D, inputs.time as tf.Tensor1D),
}));
const picture = tf.tensor4d(
  numbers(
    shape.reduce((a, b) => a * b),
    1,
  ),
  [...shape],
);

/** Milliseconds of processor time of this process, all threads together: a busy machine disturbs it less than a clock. */
function clock(): number {
  const { user, system } = process.cpuUsage();
  return (user + system) / 1000;
}

/** Milliseconds of `count` network calls by themselves. */
async function callsAlone(count: number): Promise<number> {
  const start = clock();
  for (let i = 0; i < count; i++) {
    const time = tf.tensor1d(new Float32Array(shape[0]).fill(i));
    const { noise } = bare({ x: picture, time });
    if (i === count - 1) await noise!.data();
    tf.dispose([noise!, time]);
  }
  return clock() - start;
}

const schedule = linear();
const denoise = denoiseWith({ denoiser, params, parameterization: eps(), schedule, compile: compiledStep });
const times = trailing().times(steps, schedule);

interface SamplingRun {
  readonly milliseconds: number;
  readonly calls: number;
}

async function samplingRun(name: string): Promise<SamplingRun> {
  const sampler = samplers.create(name);
  const start = clock();
  let calls = 0;
  const counted = (...given: Parameters<typeof denoise>) => {
    calls++;
    return denoise(...given);
  };
  const images = await lastOf(
    samplingLoop({ denoise: counted, schedule, sampler, times, shape, random: random(0) }),
  );
  await images.data();
  images.dispose();
  return { milliseconds: clock() - start, calls };
}

for (const name of ["ddpm", "ddim", "dpmpp-2m", "heun"]) {
  const { calls } = await samplingRun(name);
  await callsAlone(calls);
  const before = onnxStatistics();
  const ratios: number[] = [];
  const alones: number[] = [];
  for (let round = 0; round < Number(rounds); round++) {
    // Alternately first, so that a machine that slows down or warms up favours neither.
    const first = round % 2 === 0 ? await callsAlone(calls) : 0;
    const { milliseconds } = await samplingRun(name);
    const alone = first || (await callsAlone(calls));
    alones.push(alone / calls);
    ratios.push(milliseconds / alone - 1);
  }
  const after = onnxStatistics();
  console.log(
    JSON.stringify({
      sampler: name,
      steps,
      calls,
      threads: Number(threads),
      networkMilliseconds: median(alones),
      overhead: median(ratios),
      min: Math.min(...ratios),
      max: Math.max(...ratios),
      compilations: after.compilations - before.compilations,
    }),
  );
}
process.exit();
