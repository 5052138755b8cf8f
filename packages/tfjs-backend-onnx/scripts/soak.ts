/**
 * Trains a small network for thousands of steps, with another batch size every 100 steps and another learning rate in every
 * step, and fails if memory grows or sessions pile up.
 *
 * Usage: tsx --conditions=@ddpm/source scripts/soak.ts [STEPS] [compiled|recorded]
 */
import "@tensorflow/tfjs";
import * as tf from "@tensorflow/tfjs-core";
import { compiledStep, onnxStatistics, type StepFunction } from "../src/index.ts";

const steps = Number(process.argv[2] ?? 5000);
const mode = process.argv[3] ?? "recorded";
const BATCHES = [16, 8, 32, 5];

await tf.setBackend("onnx");

const weights: Record<string, readonly number[]> = {
  w0: [3, 3, 3, 16],
  b0: [16],
  w1: [3, 3, 16, 16],
  w2: [3, 3, 16, 3],
};
const names = Object.keys(weights);

const step: StepFunction = (inputs) => {
  const loss = (w0: tf.Tensor, b0: tf.Tensor, w1: tf.Tensor, w2: tf.Tensor): tf.Scalar => {
    let h = tf.sigmoid(
      tf.add(tf.conv2d(inputs.x as tf.Tensor4D, w0 as tf.Tensor4D, 1, "same"), b0),
    ) as tf.Tensor4D;
    h = tf.add(h, tf.conv2d(tf.avgPool(h, 2, 1, "same"), w1 as tf.Tensor4D, 1, "same"));
    return tf.mean(tf.squaredDifference(tf.conv2d(h, w2 as tf.Tensor4D, 1, "same"), inputs.x!)) as tf.Scalar;
  };
  const { value, grads } = tf.valueAndGrads(loss as never)(names.map((name) => inputs[name]!));
  const outputs: Record<string, tf.Tensor> = { loss: value };
  for (const [i, name] of names.entries()) {
    outputs[`m/${name}`] = tf.add(tf.mul(inputs[`m/${name}`]!, 0.9), grads[i]!);
    outputs[name] = tf.sub(inputs[name]!, tf.mul(outputs[`m/${name}`]!, inputs.rate!));
  }
  return outputs;
};

const run =
  mode === "compiled"
    ? compiledStep(step)
    : (inputs: Parameters<StepFunction>[0]) => tf.tidy(() => ({ ...step(inputs) }));

let state: Record<string, tf.Tensor> = {};
for (const name of names) {
  state[name] = tf.mul(tf.randomNormal([...weights[name]!], 0, 1, "float32", 7), 0.1);
  state[`m/${name}`] = tf.zeros([...weights[name]!]);
}

const megabytes = (): number => process.memoryUsage().rss / 2 ** 20;
const memory: number[] = [];
const tensors = new Set<number>();
let loss = Number.NaN;
for (let n = 1; n <= steps; n++) {
  const batch = BATCHES[Math.floor((n - 1) / 100) % BATCHES.length]!;
  const x = tf.tensor4d(
    Float32Array.from({ length: batch * 192 }, (_, i) => Math.sin(i + n)),
    [batch, 8, 8, 3],
  );
  const rate = tf.scalar(0.01 / Math.sqrt(n));
  const { loss: value, ...next } = run({ ...state, x, rate });
  tf.dispose([Object.values(state), x, rate]);
  state = next;
  if (n % 10 === 0) loss = value!.dataSync()[0]!;
  value!.dispose();
  if (n % 100 === 0) {
    tensors.add(tf.memory().numTensors);
    memory.push(megabytes());
    if (n % 500 === 0)
      console.log(`step ${n}: ${Math.round(memory.at(-1)!)} MB, loss ${loss.toFixed(5)}`, onnxStatistics());
  }
}

const middle = Math.max(...memory.slice(Math.floor(memory.length / 4), Math.floor(memory.length / 2)));
const end = Math.max(...memory.slice(Math.floor((3 * memory.length) / 4)));
const { compilations } = onnxStatistics();
const problems = [
  ...(end > 1.05 * middle + 5 ? [`memory grew from ${middle.toFixed(0)} to ${end.toFixed(0)} MB`] : []),
  ...(compilations > 3 * BATCHES.length ? [`${compilations} compilations`] : []),
  ...(tensors.size > 1 ? [`tensor counts ${[...tensors]}`] : []),
  ...(Number.isFinite(loss) ? [] : [`loss ${loss}`]),
];
console.log(
  problems.length
    ? `FAILED: ${problems.join("; ")}`
    : `steady: ${middle.toFixed(0)} MB, then ${end.toFixed(0)} MB; ${compilations} compilations`,
);
process.exit(problems.length ? 1 : 0);
