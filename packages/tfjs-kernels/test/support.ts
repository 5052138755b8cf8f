import "@tensorflow/tfjs";
import "@tensorflow/tfjs-backend-wasm";
import * as tf from "@tensorflow/tfjs-core";
import { registerWasmKernels, wasmKernels } from "../src/wasm/index.ts";
import { distance, tensor, type Values, values } from "./values.ts";

/** The kernels as tfjs-backend-wasm ships them, taken before ours are registered. */
export const stock: ReadonlyMap<string, tf.KernelFunc> = new Map(
  wasmKernels.flatMap(({ name }) => {
    const config = tf.getKernel(name, "wasm");
    return config ? [[name, config.kernelFunc] as const] : [];
  }),
);

registerWasmKernels();

export { distance, tensor, tf, type Values, values };

/** Runs `f` on a backend and reads its results; the backend stays chosen. */
export async function on(backend: "cpu" | "wasm", f: () => tf.Tensor | tf.Tensor[]): Promise<Values[]> {
  await tf.setBackend(backend);
  const results = [tf.tidy(f)].flat();
  const found = results.map((x) => ({ shape: x.shape, data: x.dataSync<"float32">().slice() }));
  tf.dispose(results);
  return found;
}

/** Largest {@link distance} between wasm with our kernels and the cpu backend. */
export async function differenceFromCpu(f: () => tf.Tensor | tf.Tensor[]): Promise<number> {
  const expected = await on("cpu", f);
  const actual = await on("wasm", f);
  return Math.max(...expected.map((value, i) => distance(actual[i]!, value)));
}

const total = (terms: Float32Array): number => terms.reduce((sum, term) => sum + term, 0);

/**
 * Relative difference between the gradient on wasm and central differences along random directions.
 *
 * @param f smooth near `inputs`; its output is weighted with fixed random numbers to make a scalar
 */
export async function differenceFromFinite(
  f: (...x: tf.Tensor[]) => tf.Tensor,
  inputs: readonly Values[],
  step: number = 2 ** -6,
): Promise<number> {
  await tf.setBackend("wasm");
  return tf.tidy(() => {
    const x = inputs.map((input): tf.Tensor => tensor(input));
    const weights = tensor(values(77, ...(f(...x).shape as number[])));
    const scalar = (...y: tf.Tensor[]): tf.Scalar => tf.sum(tf.mul(f(...y), weights));
    const gradients = tf.grads(scalar)(x);
    let worst = 0;
    x.forEach((point, i) => {
      const direction = tensor(values(99 + i, ...point.shape));
      const at = (h: number): number => {
        const moved = x.with(i, tf.add(point, tf.mul(direction, h)));
        return total(tf.mul(f(...moved), weights).dataSync<"float32">());
      };
      const numeric = (at(step) - at(-step)) / (2 * step);
      const products = tf.mul(gradients[i]!, direction).dataSync<"float32">();
      const analytic = total(products);
      const size = Math.sqrt(1 + total(products.map((term) => term * term)));
      const error = Math.abs(numeric - analytic) / size;
      worst = Number.isFinite(error) ? Math.max(worst, error) : Number.POSITIVE_INFINITY;
    });
    return worst;
  });
}
