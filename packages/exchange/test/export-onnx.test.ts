import { createRequire } from "node:module";
import type { GraphFunction } from "@ddpm/tfjs-backend-onnx/authoring";
import * as tf from "@tensorflow/tfjs";
import type * as OnnxRuntime from "onnxruntime-node";
import { beforeAll, describe, expect, test } from "vitest";
import { type ExportOptions, exportOnnx } from "../src/onnx/index.ts";

const { InferenceSession, Tensor } = createRequire(import.meta.url)("onnxruntime-node") as typeof OnnxRuntime;

beforeAll(async () => {
  await tf.setBackend("cpu");
});

type Numbers = Float32Array | Int32Array | Uint8Array;

/** Runs the bytes in ONNX Runtime's public API and the function in TensorFlow.js: the largest difference of any result. */
async function difference(
  f: GraphFunction,
  options: ExportOptions,
  lengths: readonly number[],
): Promise<number> {
  const session = await InferenceSession.create(await exportOnnx(f, options));
  let worst = 0;
  for (const length of lengths) {
    const inputs = Object.fromEntries(
      Object.entries(options.inputs).map(([name, { shape, dtype = "float32" }], k) => {
        const sizes = shape.map((size) => (typeof size === "string" ? length : size));
        const count = sizes.reduce((product, size) => product * size, 1);
        const values = Array.from({ length: count }, (_, i) =>
          dtype === "float32" ? Math.sin(1.7 * i + k + length) : (i * 7 + length) % 2,
        );
        return [name, tf.tensor(values, sizes, dtype)];
      }),
    );
    const expected = f(inputs, options.constants ?? {});
    const feeds = Object.fromEntries(
      Object.entries(inputs).map(([name, tensor]) => [
        name,
        new Tensor(tensor.dtype as "float32", tensor.dataSync() as Float32Array, tensor.shape),
      ]),
    );
    const results = await session.run(feeds);
    for (const [name, tensor] of Object.entries(expected)) {
      expect(results[name]!.dims).toEqual(tensor.shape);
      const got = results[name]!.data as Numbers;
      for (const [i, value] of tensor.dataSync().entries()) {
        worst = Math.max(worst, Math.abs(Number(got[i]) - value));
      }
    }
  }
  return worst;
}

const image = { x: { shape: ["batch", 4, 6, 3] } } as const;
const filter = (): tf.Tensor4D =>
  tf.tensor4d(
    Array.from({ length: 3 * 3 * 3 * 5 }, (_, i) => Math.cos(i)),
    [3, 3, 3, 5],
  );
const x4 = (x: tf.Tensor): tf.Tensor4D => x as tf.Tensor4D;

const cases: [string, GraphFunction, ExportOptions["inputs"], Record<string, () => tf.Tensor>?][] = [
  [
    "convolution, bias and activation",
    ({ x }, { w, b }) => ({ y: tf.relu(tf.add(tf.conv2d(x4(x!), w as tf.Tensor4D, 2, "same"), b!)) }),
    image,
    { w: filter, b: () => tf.tensor1d([1, 2, 3, 4, 5]) },
  ],
  [
    "a transposed convolution, whose result's shape is given",
    ({ x }, { w }) => ({
      y: tf.conv2dTranspose(
        x4(x!),
        tf.transpose(w!, [0, 1, 3, 2]) as tf.Tensor4D,
        [x!.shape[0]!, 8, 12, 5],
        2,
        "same",
      ),
    }),
    image,
    { w: filter },
  ],
  [
    "attention: reshapes that mix the free length with others",
    ({ x }) => {
      const rows = tf.reshape(x!, [x!.shape[0]! * 4, 6, 3]);
      const weights = tf.softmax(tf.matMul(rows, rows, false, true));
      return { y: tf.reshape(tf.matMul(weights, rows), x!.shape) };
    },
    image,
  ],
  [
    "tensors as long as the batch made inside, tiling, joining, slicing up to the end",
    ({ x }) => {
      const [batch] = x!.shape as [number];
      const joined = tf.concat([x!, tf.zeros([batch, 4, 6, 1]), tf.fill([batch, 4, 6, 2], 0.5)], 3);
      const twice = tf.tile(joined, [2, 1, 1, 1]);
      return {
        y: tf.slice(twice, [1, 0, 0, 0], [2 * batch - 1, 4, 6, 6]),
        last: tf.slice(x!, [batch - 1, 0, 0, 0], [1, 4, 6, 3]),
      };
    },
    image,
  ],
  [
    "statistics over the batch",
    ({ x }) => ({ y: tf.sub(x!, tf.mean(x!, [0, 1, 2], true)), sum: tf.sum(x!, 0) }),
    image,
  ],
  [
    "whole numbers and flags in, a result that is an input, one that is a constant, one given twice",
    ({ x, on, k }, { table }) => {
      const row = tf.gather(table!, tf.cast(k!, "int32"));
      const y = tf.where(tf.reshape(on!, [-1, 1]), tf.add(x!, row), tf.zerosLike(x!));
      return { y, again: y, same: x!, table2: table!, flags: tf.logicalNot(on!) };
    },
    { x: { shape: ["n", 3] }, on: { shape: ["n"], dtype: "bool" }, k: { shape: ["n"], dtype: "int32" } },
    { table: () => tf.tensor2d([1, 2, 3, 4, 5, 6], [2, 3]) },
  ],
  [
    "resizing, pooling, padding, a depthwise convolution",
    ({ x }, { w }) => {
      const large = tf.image.resizeBilinear(tf.image.resizeNearestNeighbor(x4(x!), [8, 12]), [7, 9]);
      const pooled = tf.maxPool(
        tf.pad(large, [
          [0, 0],
          [1, 0],
          [0, 1],
          [0, 0],
        ]) as tf.Tensor4D,
        2,
        2,
        "same",
      );
      return { y: tf.depthwiseConv2d(tf.avgPool(pooled, [2, 2], 1, "same"), w as tf.Tensor4D, 1, "same") };
    },
    image,
    { w: filter },
  ],
];

describe("a function as an ONNX file", () => {
  test.each(cases)(
    "%s: any length gives what TensorFlow.js gives",
    async (_what, f, inputs, constants = {}) => {
      const made = Object.fromEntries(Object.entries(constants).map(([name, make]) => [name, make()]));
      expect(await difference(f, { inputs, constants: made }, [1, 2, 7])).toBeLessThan(1e-5);
    },
  );

  test("a gradient can be exported, too", async () => {
    const f: GraphFunction = ({ x }, { w }) => ({
      y: tf.grad((x) => tf.sum(tf.square(tf.conv2d(x4(x), w as tf.Tensor4D, 1, "same"))))(x!),
    });
    expect(await difference(f, { inputs: image, constants: { w: filter() } }, [1, 3])).toBeLessThan(1e-3);
  });

  test("without a free length the shapes are those that were given", async () => {
    const f: GraphFunction = ({ x }) => ({ y: tf.mul(x!, tf.scalar(2)) });
    expect(await difference(f, { inputs: { x: { shape: [2, 3] } } }, [0])).toBe(0);
  });

  test("names, shapes and texts are in the file, and filters as ONNX has them", async () => {
    const bytes = await exportOnnx(
      ({ x }, { w }) => ({ y: tf.conv2d(x4(x!), w as tf.Tensor4D, 1, "same") }),
      {
        inputs: image,
        constants: { w: filter() },
        name: "small",
        metadata: { schedule: "cosine" },
      },
    );
    const session = await InferenceSession.create(bytes);
    expect(session.inputMetadata).toMatchObject([{ name: "x", type: "float32", shape: ["batch", 4, 6, 3] }]);
    expect(session.outputMetadata).toMatchObject([{ name: "y", shape: ["batch", 4, 6, 5] }]);
    const text = new TextDecoder("latin1").decode(bytes);
    for (const word of ["small", "schedule", "cosine"]) expect(text).toContain(word);
    expect(text).not.toContain("com.microsoft");
    expect(bytes.length).toBeLessThan(4 * 135 + 1500);
  });

  test("leaves the caller's tensors and backend alone", async () => {
    const w = filter();
    const captured = tf.tensor1d([1, 2, 3]);
    const before = tf.memory().numTensors;
    for (let i = 0; i < 2; i++) {
      await exportOnnx(
        ({ x }, { w }) => ({
          y: tf.conv2d(tf.add(x!, captured) as tf.Tensor4D, w as tf.Tensor4D, 1, "same"),
        }),
        {
          inputs: image,
          constants: { w },
        },
      );
    }
    expect(tf.getBackend()).toBe("cpu");
    expect(tf.memory().numTensors).toBe(before);
    expect([...captured.dataSync()]).toEqual([1, 2, 3]);
    expect([...w.dataSync()]).toEqual([...filter().dataSync()]);
  });
});

describe("what cannot be written is refused by name", () => {
  const refused = (f: GraphFunction, inputs: ExportOptions["inputs"] = image): Promise<unknown> =>
    exportOnnx(f, { inputs }).then(
      () => "written",
      (error: Error) => error.message,
    );

  test.each<[string, GraphFunction, RegExp]>([
    [
      "a kernel that nobody lowers",
      ({ x }) => ({ y: tf.multinomial(tf.reshape(x!, [-1, 3]) as tf.Tensor2D, 2) }),
      /kernel Multinomial/,
    ],
    [
      "a case of a kernel that is not lowered",
      ({ x }) => ({
        y: tf.mirrorPad(
          x4(x!),
          [
            [0, 0],
            [1, 1],
            [1, 1],
            [0, 0],
          ],
          "symmetric",
        ),
      }),
      /kernel MirrorPad on float32 \[\d+,4,6,3\]/,
    ],
    ["a read inside", ({ x }) => ({ y: tf.scalar(tf.sum(x!).dataSync()[0]!) }), /read/],
    [
      "another graph for another length",
      ({ x }) => ({ y: x!.shape[0]! % 4 === 1 ? x! : tf.square(x!) }),
      /every batch/,
    ],
    ["numbers that depend on the length", ({ x }) => ({ y: tf.mul(x!, 1 / x!.shape[0]!) }), /every batch/],
    [
      "a length that grows with the square",
      ({ x }) => ({ y: tf.fill([x!.shape[0]! ** 2], 1) }),
      /every batch/,
    ],
    ["a result that is no tensor", () => ({ y: 3 as unknown as tf.Tensor }), /"y" is no tensor/],
    ["no result", () => ({}), /returns nothing/],
    ["a result named like an input", ({ x }) => ({ x: tf.square(x!) }), /"x" names/],
  ])("%s", async (_what, f, message) => {
    expect(await refused(f)).toMatch(message);
    expect(tf.getBackend()).toBe("cpu");
  });

  test("two free lengths, and names of the file's own", async () => {
    expect(await refused(({ x }) => ({ y: x! }), { x: { shape: ["b", "h"] } })).toMatch(/b and h are free/);
    expect(await refused(({ x }) => ({ y: x! }), { "/x": { shape: [1] } })).toMatch(/cannot name/);
  });

  test("more than a file holds, before anything is read", async () => {
    const huge = { dtype: "float32", shape: [2 ** 30], size: 2 ** 30 } as unknown as tf.Tensor;
    const f: GraphFunction = ({ x }) => ({ y: x! });
    await expect(exportOnnx(f, { inputs: image, constants: { huge } })).rejects.toThrow(/2 GB/);
  });
});
