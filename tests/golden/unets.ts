import * as tf from "@tensorflow/tfjs";
import {
  type Condition,
  countParams,
  type Denoiser,
  type Mode,
  type ParamSpec,
  type Params,
  random,
} from "../../packages/core/src/index.ts";
import { float32, type SafeTensor } from "../../packages/weights/src/index.ts";
import type { GoldenResult } from "./result.ts";
import { openUnet, type UnetCase, weightsOf } from "./unet-case.ts";
import { runTraining } from "./unet-training.ts";

/** One comparison: error and what is allowed. */
export interface Check {
  readonly id: string;
  readonly error: number;
  readonly allowed: number;
}

/**
 * Runs one network of `golden/unets`, given the path of its JSON file: names, shapes, number of parameters,
 * output and every listed gradient, in training mode too where the file has it, or a whole training run; on the
 * backend that is active.
 */
export async function runFile(path: string): Promise<GoldenResult> {
  const unet = openUnet(path);
  if (typeof unet === "string") {
    return { passed: 0, failed: 0, unsupported: [{ id: path, reason: unet }], failures: [], worst: 0 };
  }
  const checks = [...checkNames(unet)];
  if (unet.file.procedure) checks.push(...(await runTraining(unet)));
  else if (unet.file.weights) {
    checks.push(...(await checkNetwork(unet, false)));
    if ("golden.train.output" in unet.tensors) checks.push(...(await checkNetwork(unet, true)));
  }
  const failures = checks
    .filter(({ error, allowed }) => !(error <= allowed))
    .map(({ id, error, allowed }) => ({ id, reason: `off by ${error}, allowed ${allowed}` }));
  return {
    passed: checks.length - failures.length,
    failed: failures.length,
    unsupported: [],
    failures,
    worst: Math.max(0, ...checks.map(({ error, allowed }) => (allowed > 0 ? error / allowed : 0))),
  };
}

function checkNames({ file, denoiser, translated }: UnetCase): Check[] {
  const theirs = new Map(file.state_dict.map((entry) => [entry.name, entry]));
  const constants = Object.entries(translated.names.constants ?? {}).map(([name, { shape }]) => ({
    name,
    shape,
  }));
  const ours = denoiser.specs.map((spec) => {
    const { name, layout } = translated.names(spec);
    const data = new Uint8Array(spec.shape.reduce((product, size) => product * size, 1));
    return { name, spec, shape: layout.toTorch({ shape: spec.shape, data }).shape };
  });
  const all = [...ours, ...constants];
  const wrong = all.filter(({ name, shape }) => theirs.get(name)?.shape.join() !== shape.join()).length;
  const counted = ours.filter(({ name }) => (theirs.get(name)?.kind ?? "parameter") === "parameter");
  const count = countParams(counted.map(({ spec }) => spec));
  return [
    { id: "names and shapes", error: wrong + Math.abs(theirs.size - all.length), allowed: 0 },
    { id: "number of parameters", error: Math.abs(count - file.parameter_count), allowed: 0 },
  ];
}

/** Numbers of one pass, by what they are, in the reference's layouts. */
type Pass = Map<string, Float32Array>;

/** Output, gradients and, in training, running statistics. */
async function checkNetwork(unet: UnetCase, training: boolean): Promise<Check[]> {
  const { tensors, file } = unet;
  const golden = training ? "golden.train." : "golden.";
  const params = await weightsOf(unet);
  const pass = await passOf(unet, params, training);
  const noise = training ? await conditioning(unet, params, pass) : statedNoise(file.max_abs_dev_float64);
  tf.dispose({ ...params });
  const checks = [...pass].map(([name, ours]) =>
    difference(name, float32(tensors[name]!), ours, noise(name.slice(golden.length))),
  );
  const skipped = training ? /^(?!golden\.train\.)/ : /^(?!golden\.)|^golden\.(input|train)\./;
  const missed = Object.keys(tensors).filter((name) => !skipped.test(name) && !pass.has(name));
  checks.push({ id: `${golden}* all compared`, error: missed.length, allowed: 0 });
  return checks;
}

/** The reference's own float32 error, where the file states it. */
function statedNoise(dev: UnetCase["file"]["max_abs_dev_float64"]): (name: string) => number | undefined {
  return (name) => {
    const stated =
      name === "output"
        ? dev?.output
        : dev?.grads[name === "grad_input.x" ? "input x" : name.replace(/^grad\./, "")];
    return typeof stated === "number" ? stated : undefined;
  };
}

/**
 * Where the file states no float32 error: how far the numbers move when every weight and pixel moves by one
 * rounding. Statistics of a batch of two or three pixels are badly conditioned.
 */
async function conditioning(unet: UnetCase, params: Params, pass: Pass): Promise<(name: string) => number> {
  const moved = new Map<string, number>();
  for (let seed = 0; seed < 3; seed++) {
    const stream = random(seed);
    const jitter = (x: tf.Tensor): tf.Tensor => {
      const signs = Float32Array.from(stream.uniforms(x.size), (u) => 1 + (u < 0.5 ? -1 : 1) * 2 ** -23);
      return tf.tidy(() => tf.mul(x, tf.tensor(signs, x.shape)));
    };
    const shaken = Object.fromEntries(Object.entries(params).map(([name, value]) => [name, jitter(value)]));
    const other = await passOf(unet, shaken, true, jitter);
    tf.dispose(shaken);
    for (const [name, values] of pass) {
      const off = values.reduce(
        (most, value, i) => Math.max(most, Math.abs(value - other.get(name)![i]!)),
        0,
      );
      moved.set(name, Math.max(moved.get(name) ?? 0, off));
    }
  }
  return (name) => moved.get(`golden.train.${name}`)!;
}

async function passOf(
  { denoiser, tensors, translated }: UnetCase,
  params: Params,
  training: boolean,
  change: (x: tf.Tensor) => tf.Tensor = (x) => x.clone(),
): Promise<Pass> {
  const golden = training ? "golden.train." : "golden.";
  const given = imagesOf(tensors["golden.input.x"]!);
  const x = change(given) as tf.Tensor4D;
  const beside = denoiser.imageChannels ?? 0;
  /** The reference takes an image to go by as more channels of x. */
  const parts = (x: tf.Tensor4D): { x: tf.Tensor4D; image?: tf.Tensor4D } => {
    if (beside === 0) return { x };
    const [own, image] = tf.split(x, [denoiser.channels, beside], 3) as [tf.Tensor4D, tf.Tensor4D];
    return { x: own, image };
  };
  const noise = tf.tensor1d(float32(tensors["golden.input.t"]!));
  const labels = tensors["golden.input.y"] ?? tensors["golden.input.class_labels"];
  const guess = tensors["golden.input.x_self_cond"];
  const vector = tensors["golden.input.augment_labels"];
  const condition = {
    ...(labels ? told(denoiser, labels) : {}),
    ...(vector ? { vector: tf.tensor2d(float32(vector), vector.shape as [number, number]) } : {}),
    ...(guess ? { guess: imagesOf(guess) } : {}),
  };
  const after: Record<string, tf.Tensor> = {};
  const mode: Mode = {
    training,
    update(name, value) {
      after[name] = tf.keep(value.clone());
    },
  };
  const run = (params: Params, given: tf.Tensor4D, mode: Mode): tf.Tensor4D => {
    const { x, ...more } = parts(given);
    return denoiser.apply(params, x, noise, { ...condition, ...more }, mode);
  };
  const output = tf.tidy(() => run(params, x, mode));
  const wanted = denoiser.specs.filter((spec) => `${golden}grad.${translated.names(spec).name}` in tensors);
  const grads = tf.grads((...inputs: tf.Tensor[]) => {
    const replaced: Params = {
      ...params,
      ...Object.fromEntries(wanted.map(({ name }, i) => [name, inputs[i + 1]!])),
    };
    return tf.mean(tf.square(run(replaced, inputs[0] as tf.Tensor4D, { training })));
  })([x, ...wanted.map(({ name }) => params[name]!)]);

  const pass: Pass = new Map();
  const put = async (name: string, value: tf.Tensor, spec?: ParamSpec): Promise<void> => {
    const turned = spec ? value.clone() : tf.tidy(() => tf.transpose(value, [0, 3, 1, 2]));
    const data = await turned.data<"float32">();
    turned.dispose();
    const layout = spec && translated.names(spec).layout;
    pass.set(`${golden}${name}`, layout ? layout.toTorch({ shape: spec.shape, data }).data : data);
  };
  await put("output", output);
  await put("grad_input.x", grads[0]!);
  for (const [i, spec] of wanted.entries())
    await put(`grad.${translated.names(spec).name}`, grads[i + 1]!, spec);
  for (const spec of denoiser.specs) {
    const name = `after.${translated.names(spec).name}`;
    if (`${golden}${name}` in tensors) await put(name, after[spec.name]!, spec);
  }
  tf.dispose([given, x, noise, condition, output, grads, after]);
  return pass;
}

/** Classes as numbers, as rows with a one (none for no class), or an embedding where the network takes one. */
function told(denoiser: Denoiser, labels: SafeTensor): Condition {
  const [images, width] = labels.shape as [number, number?];
  const values = float32(labels);
  if (width === undefined) return { labels: tf.tensor1d(values, "int32") };
  if (denoiser.classes === undefined) return { vector: tf.tensor2d(values, [images, width]) };
  const rows = Array.from({ length: images }, (_, i) => values.slice(i * width, (i + 1) * width).indexOf(1));
  return {
    labels: tf.tensor1d(
      rows.map((row) => (row < 0 ? width : row)),
      "int32",
    ),
  };
}

/** Allowed: four times the reference's own float32 error, 1e-6, and as much relative to the largest number. */
export function difference(
  id: string,
  golden: Float32Array,
  ours: Float32Array,
  dev: number | undefined,
): Check {
  if (golden.length !== ours.length) return { id, error: Number.POSITIVE_INFINITY, allowed: 0 };
  let error = 0;
  let largest = 0;
  for (let i = 0; i < golden.length; i++) {
    const off = Math.abs(golden[i]! - ours[i]!);
    if (!(off <= error)) error = off;
    largest = Math.max(largest, Math.abs(golden[i]!));
  }
  const noise = dev ?? largest * 2e-6;
  return { id, error, allowed: 4 * noise + 1e-6 + 1e-6 * largest };
}

function imagesOf(tensor: SafeTensor): tf.Tensor4D {
  const [batch, channels, height, width] = tensor.shape as [number, number, number, number];
  return tf.tidy(() =>
    tf.transpose(tf.tensor4d(float32(tensor), [batch, channels, height, width]), [0, 2, 3, 1]),
  );
}
