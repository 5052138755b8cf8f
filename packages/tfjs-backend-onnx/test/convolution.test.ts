import "@tensorflow/tfjs";
import * as tf from "@tensorflow/tfjs-core";
import { describe, expect, it } from "vitest";
import "../src/index.ts";

/** Deterministic values in [-1, 1). */
function values(shape: readonly number[], seed: number): tf.Tensor4D {
  const size = shape.reduce((a, b) => a * b);
  return tf.tensor(
    Float32Array.from({ length: size }, (_, i) => Math.sin(i * 12.9898 + seed * 78.233) % 1),
    [...shape] as [number, number, number, number],
  );
}

/** Sums of some hundred float32 products in another order. */
const TOLERANCE = 1e-5;

type Function4D = (x: tf.Tensor4D, w: tf.Tensor4D) => tf.Tensor;

/** The value of f and the gradients of the sum of f times fixed weights. */
async function everything(
  backend: string,
  f: Function4D,
  x: readonly number[],
  w: readonly number[],
): Promise<number[][]> {
  await tf.setBackend(backend);
  return tf.tidy(() => {
    const inputs = [values(x, 1), values(w, 2)];
    const loss = (a: tf.Tensor, b: tf.Tensor): tf.Scalar => {
      const y = f(a as tf.Tensor4D, b as tf.Tensor4D);
      return tf.sum(tf.mul(y, values(y.shape, 3)));
    };
    const y = f(inputs[0]!, inputs[1]!);
    return [y, ...tf.grads(loss)(inputs)].map((tensor) => [...tensor.dataSync()]);
  });
}

function expectClose(actual: readonly number[][], expected: readonly number[][]): void {
  for (const [k, reference] of expected.entries()) {
    const scale = reference.reduce((most, value) => Math.max(most, Math.abs(value)), 0);
    const worst = reference.reduce((most, value, i) => Math.max(most, Math.abs(value - actual[k]![i]!)), 0);
    expect(worst / scale, ["value", "input gradient", "filter gradient"][k]).toBeLessThan(TOLERANCE);
  }
}

describe("convolutions agree with the cpu backend, forwards and backwards", () => {
  const channels = [
    [16, 16],
    [32, 48],
    [3, 16],
    [16, 3],
    [20, 24],
    [5, 7],
    [18, 32],
    [1, 1],
  ] as const;
  for (const [channelsIn, channelsOut] of channels) {
    for (const [kernel, stride, pad] of [
      [3, 1, "same"],
      [1, 1, "same"],
      [4, 2, 1],
      [3, 2, "same"],
      [2, 1, "valid"],
    ] as const) {
      for (const batch of [16, 3]) {
        it(`${channelsIn} to ${channelsOut} channels, kernel ${kernel}, stride ${stride}, pad ${pad}, batch ${batch}`, async () => {
          const f: Function4D = (x, w) =>
            tf.conv2d(x, w, stride, pad, "NHWC", 1, pad === 1 ? "floor" : undefined);
          const x = [batch, 6, 6, channelsIn];
          const w = [kernel, kernel, channelsIn, channelsOut];
          expectClose(await everything("onnx", f, x, w), await everything("cpu", f, x, w));
        });
      }
    }
  }
});

describe("filter gradients that are contracted in parts agree with the cpu backend", () => {
  for (const [what, batch, pixels, channelsIn, channelsOut] of [
    ["several blocks of pictures", 32, 4, 32, 16],
    ["several blocks of pictures, narrow output", 32, 4, 16, 3],
    ["bands of rows as pictures", 8, 6, 32, 16],
    ["bands of rows as pictures, narrow output", 4, 8, 16, 3],
    ["several chunks of rows", 16, 17, 2, 64],
  ] as const) {
    it(what, async () => {
      const f: Function4D = (x, w) => tf.conv2d(x, w, 1, "same");
      const x = [batch, pixels, pixels, channelsIn];
      const w = [3, 3, channelsIn, channelsOut];
      expectClose(await everything("onnx", f, x, w), await everything("cpu", f, x, w));
    });
  }
});

it("dilated convolutions agree with the cpu backend", async () => {
  await tf.setBackend("cpu");
  const run = (): number[] =>
    tf.tidy(() => [
      ...tf.conv2d(values([2, 8, 8, 16], 1), values([3, 3, 16, 16], 2), 1, "same", "NHWC", 2).dataSync(),
    ]);
  const expected = run();
  await tf.setBackend("onnx");
  expectClose([run()], [expected]);
});

describe("a convolution of a doubled picture", () => {
  const convolve =
    (double: (x: tf.Tensor4D) => tf.Tensor4D): Function4D =>
    (x, w) =>
      tf.conv2d(double(x), w, 1, "same");
  const resized = convolve((x) => tf.image.resizeNearestNeighbor(x, [2 * x.shape[1], 2 * x.shape[2]]));
  const tiled = convolve((x) => {
    const [b, h, w, c] = x.shape;
    const columns = tf.reshape(tf.tile(tf.reshape(x, [b * h, w, 1, c]), [1, 1, 2, 1]), [b, h, 2 * w * c]);
    return tf.reshape(tf.tile(tf.reshape(columns, [b * h, 1, 2 * w * c]), [1, 2, 1]), [b, 2 * h, 2 * w, c]);
  });
  for (const [channelsIn, channelsOut, batch] of [
    [16, 32, 16],
    [32, 16, 5],
    [8, 16, 16],
    [16, 16, 2],
  ] as const) {
    it(`is the one that makes all pixels first: ${channelsIn} to ${channelsOut} channels, batch ${batch}`, async () => {
      const x = [batch, 4, 6, channelsIn];
      const w = [3, 3, channelsIn, channelsOut];
      expectClose(await everything("onnx", resized, x, w), await everything("onnx", tiled, x, w));
    });
  }
});

describe("filter gradients of wide convolutions without padding around the image agree with the cpu backend", () => {
  for (const [batch, height, kernel, channelsIn, channelsOut] of [
    [2, 8, 3, 16, 32],
    [2, 8, 2, 32, 48],
    [4, 4, 3, 16, 32],
    [1, 16, 3, 16, 32],
  ] as const) {
    const x = [batch, height, 5, channelsIn];
    const w = [kernel, kernel, channelsIn, channelsOut];
    const out: [number, number, number, number] = [batch, height + kernel - 1, 4 + kernel, channelsIn];
    const explicit: tf.backend_util.ExplicitPadding = [[0, 0], [0, 1], [1, 0], [0, 0]]; // biome-ignore format: one line
    for (const [what, f] of [
      ["valid", (x: tf.Tensor4D, w: tf.Tensor4D) => tf.conv2d(x, w, 1, "valid")],
      ["explicit padding", (x: tf.Tensor4D, w: tf.Tensor4D) => tf.conv2d(x, w, 1, explicit)],
    ] as const) {
      it(`${what}, batch ${batch}, height ${height}, kernel ${kernel}, ${channelsIn} to ${channelsOut}`, async () => {
        expectClose(await everything("onnx", f, x, w), await everything("cpu", f, x, w));
      });
    }
    it(`transposed valid, batch ${batch}, height ${height}, kernel ${kernel}, ${channelsOut} to ${channelsIn}`, async () => {
      const f: Function4D = (y, w) => tf.conv2dTranspose(y, w, out, 1, "valid");
      const y = [batch, height, 5, channelsOut];
      expectClose(await everything("onnx", f, y, w), await everything("cpu", f, y, w));
    });
  }
});

it("padding given as a number around kernels that are not square gives the values of the cpu backend", async () => {
  const f: Function4D = (x, w) => tf.conv2d(x, w, [2, 1], 1, "NHWC", 1, "floor");
  const sizes = [
    [2, 8, 7, 16],
    [3, 2, 16, 32],
  ] as const;
  expectClose(await everything("onnx", f, ...sizes), await everything("cpu", f, ...sizes));
});
