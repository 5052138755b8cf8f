import * as tf from "@tensorflow/tfjs";
import { countParams, INFERENCE, type Params } from "../../packages/core/src/index.ts";
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
 * Runs one network of `golden/unets`: names, shapes, number of parameters, output and every listed gradient,
 * or a whole training run, on the backend that is active.
 */
export async function runFile(path: string): Promise<GoldenResult> {
  const unet = openUnet(path);
  if (typeof unet === "string") {
    return { passed: 0, failed: 0, unsupported: [{ id: path, reason: unet }], failures: [], worst: 0 };
  }
  const checks = [...checkNames(unet)];
  if (unet.file.procedure) checks.push(...(await runTraining(unet)));
  else if (unet.file.weights) checks.push(...(await checkNetwork(unet)));
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
  const theirs = new Map(file.state_dict.map(({ name, shape }) => [name, shape]));
  const ours = denoiser.specs.map((spec) => {
    const { name, layout } = translated.names(spec);
    const data = new Uint8Array(spec.shape.reduce((product, size) => product * size, 1));
    return [name, layout.toTorch({ shape: spec.shape, data }).shape] as const;
  });
  const wrong = ours.filter(([name, shape]) => theirs.get(name)?.join() !== shape.join()).length;
  return [
    { id: "names and shapes", error: wrong + Math.abs(theirs.size - ours.length), allowed: 0 },
    {
      id: "number of parameters",
      error: Math.abs(countParams(denoiser.specs) - file.parameter_count),
      allowed: 0,
    },
  ];
}

async function checkNetwork(unet: UnetCase): Promise<Check[]> {
  const { denoiser, tensors, file, translated } = unet;
  const params = weightsOf(unet);
  const x = imagesOf(tensors["golden.input.x"]!);
  const noise = tf.tensor1d(float32(tensors["golden.input.t"]!));
  const labels = tensors["golden.input.y"] ?? tensors["golden.input.class_labels"];
  const guess = tensors["golden.input.x_self_cond"];
  const condition = {
    ...(labels ? { labels: tf.tensor1d(float32(labels), "int32") } : {}),
    ...(guess ? { guess: imagesOf(guess) } : {}),
  };
  const wanted = denoiser.specs.filter((spec) => `golden.grad.${translated.names(spec).name}` in tensors);
  const values = [x, ...wanted.map(({ name }) => params[name]!)];
  const output = tf.tidy(() => denoiser.apply(params, x, noise, condition, INFERENCE));
  const grads = tf.grads((...given: tf.Tensor[]) => {
    const replaced: Params = {
      ...params,
      ...Object.fromEntries(wanted.map(({ name }, i) => [name, given[i + 1]!])),
    };
    return tf.mean(
      tf.square(denoiser.apply(replaced, given[0] as tf.Tensor4D, noise, condition, INFERENCE)),
    );
  })(values);

  const dev = file.max_abs_dev_float64;
  const checks = [
    await compare("output", tensors["golden.output"]!, toChannelsFirst(output), dev?.output),
    await compare("grad x", tensors["golden.grad_input.x"]!, toChannelsFirst(grads[0] as tf.Tensor4D), dev?.grads["input x"]),
  ];
  for (const [i, spec] of wanted.entries()) {
    const { name, layout } = translated.names(spec);
    const data = await grads[i + 1]!.data<"float32">();
    const theirs = layout.toTorch({ shape: spec.shape, data }).data;
    checks.push(difference(`grad ${name}`, float32(tensors[`golden.grad.${name}`]!), theirs, dev?.grads[name]));
  }
  const listed = Object.keys(tensors).filter((name) => name.startsWith("golden.grad.")).length;
  checks.push({ id: "gradients found", error: listed - wanted.length, allowed: 0 });
  tf.dispose([params, x, noise, condition, output, grads]);
  return checks;
}

async function compare(
  id: string,
  golden: SafeTensor,
  ours: tf.Tensor,
  dev: number | "NaN" | undefined,
): Promise<Check> {
  const data = await ours.data<"float32">();
  ours.dispose();
  return difference(id, float32(golden), data, dev);
}

/** Allowed: four times the reference's own float32 error, 1e-6, and as much relative to the largest number. */
export function difference(
  id: string,
  golden: Float32Array,
  ours: Float32Array,
  dev: number | "NaN" | undefined,
): Check {
  if (golden.length !== ours.length) return { id, error: Number.POSITIVE_INFINITY, allowed: 0 };
  let error = 0;
  let largest = 0;
  for (let i = 0; i < golden.length; i++) {
    const off = Math.abs(golden[i]! - ours[i]!);
    if (!(off <= error)) error = off;
    largest = Math.max(largest, Math.abs(golden[i]!));
  }
  const noise = typeof dev === "number" ? dev : largest * 2e-6;
  return { id, error, allowed: 4 * noise + 1e-6 + 1e-6 * largest };
}

function imagesOf(tensor: SafeTensor): tf.Tensor4D {
  const [batch, channels, height, width] = tensor.shape as [number, number, number, number];
  return tf.tidy(() =>
    tf.transpose(tf.tensor4d(float32(tensor), [batch, channels, height, width]), [0, 2, 3, 1]),
  );
}

function toChannelsFirst(x: tf.Tensor4D): tf.Tensor4D {
  return tf.tidy(() => tf.transpose(x, [0, 3, 1, 2]));
}
