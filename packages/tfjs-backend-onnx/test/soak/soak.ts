import "@tensorflow/tfjs";
import type { Step } from "@ddpm/core/step";
import * as tf from "@tensorflow/tfjs-core";
import { compiledStep, onnxStatistics } from "../../src/index.ts";
import { countSessions } from "./sessions.ts";

/** Batch sizes, one after the other. */
const BATCHES = [16, 8, 32, 5];

export interface SoakOptions {
  readonly steps: number;
  /** Steps after which the batch size changes. */
  readonly period: number;
  /** Whether a step is replayed or recorded again every time. */
  readonly mode: "compiled" | "recorded";
  /** Called at the end of every period. */
  readonly onRow?: (row: SoakRow) => void;
}

/** How things stand at the end of a period. */
export interface SoakRow {
  readonly step: number;
  readonly batch: number;
  readonly loss: number;
  /** Resident memory of the process, MiB. */
  readonly resident: number;
  /** Memory of typed arrays, MiB. */
  readonly arrays: number;
  readonly compilations: number;
  /** Sessions that were made since the start and not freed. */
  readonly sessions: number;
  readonly tensors: number;
}

const weights: Readonly<Record<string, readonly number[]>> = {
  w0: [3, 3, 3, 16],
  b0: [16],
  w1: [3, 3, 16, 16],
  w2: [3, 3, 16, 3],
};
type Tensors = Readonly<Record<string, tf.Tensor>>;

const names = Object.keys(weights);

/** Two convolutions, a pooling and a residual sum; momentum. */
const descend: Step<Tensors, Tensors> = (inputs) => {
  const loss = (w0: tf.Tensor, b0: tf.Tensor, w1: tf.Tensor, w2: tf.Tensor): tf.Scalar => {
    const first = tf.conv2d(inputs.x as tf.Tensor4D, w0 as tf.Tensor4D, 1, "same");
    let h = tf.sigmoid(tf.add(first, b0)) as tf.Tensor4D;
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

/** Trains for many steps, with other batch sizes and another learning rate in every step, on the active backend. */
export function soak({ steps, period, mode, onRow }: SoakOptions): readonly SoakRow[] {
  const sessions = countSessions();
  const before = onnxStatistics().compilations;
  const run: Step<Tensors, Tensors> =
    mode === "compiled" ? compiledStep(descend) : (inputs) => tf.tidy(() => ({ ...descend(inputs) }));
  let state: Record<string, tf.Tensor> = {};
  for (const name of names) {
    const shape = [...weights[name]!];
    state[name] = tf.mul(tf.randomNormal(shape, 0, 1, "float32", 7), 0.1);
    state[`m/${name}`] = tf.zeros(shape);
  }
  const rows: SoakRow[] = [];
  for (let step = 1; step <= steps; step++) {
    const batch = BATCHES[Math.floor((step - 1) / period) % BATCHES.length]!;
    const numbers = Float32Array.from({ length: batch * 192 }, (_, i) => Math.sin(i + step));
    const x = tf.tensor4d(numbers, [batch, 8, 8, 3]);
    const rate = tf.scalar(0.01 / Math.sqrt(step));
    const { loss: value, ...next } = run({ ...state, x, rate });
    tf.dispose([Object.values(state), x, rate]);
    state = next;
    if (step % period === 0) {
      const { rss, arrayBuffers } = process.memoryUsage();
      const row: SoakRow = {
        step,
        batch,
        loss: value!.dataSync()[0]!,
        resident: rss / 2 ** 20,
        arrays: arrayBuffers / 2 ** 20,
        compilations: onnxStatistics().compilations - before,
        sessions: sessions.live(),
        tensors: tf.memory().numTensors,
      };
      rows.push(row);
      onRow?.(row);
    }
    value!.dispose();
  }
  tf.dispose(Object.values(state));
  return rows;
}

/** What is wrong with how a soak went; empty where memory stayed flat and nothing piled up. */
export function problemsOf(rows: readonly SoakRow[]): readonly string[] {
  const quarter = Math.floor(rows.length / 4);
  const most = (part: readonly SoakRow[]): number => Math.max(...part.map(({ resident }) => resident));
  const [middle, end] = [most(rows.slice(quarter, 2 * quarter)), most(rows.slice(-quarter))];
  const last = rows.at(-1)!;
  const counts = new Set(rows.map(({ tensors }) => tensors));
  return [
    ...(end > 1.05 * middle + 8 ? [`memory grew from ${middle.toFixed(0)} to ${end.toFixed(0)} MiB`] : []),
    ...(last.compilations > 3 * BATCHES.length ? [`${last.compilations} compilations`] : []),
    ...(last.sessions > last.compilations ? [`${last.sessions} sessions`] : []),
    ...(counts.size > 1 ? [`tensors: ${[...counts].join(", ")}`] : []),
    ...(rows.every(({ loss }) => Number.isFinite(loss)) ? [] : ["a loss is not finite"]),
    ...(last.loss < rows[0]!.loss ? [] : [`the loss went from ${rows[0]!.loss} to ${last.loss}`]),
  ];
}
