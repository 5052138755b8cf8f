import fc from "fast-check";
import { describe, expect, it } from "vitest";
import {
  differenceFromCpu,
  differenceFromFinite,
  distance,
  on,
  stock,
  tensor,
  tf,
  values,
} from "./support.ts";

const size = (max: number): fc.Arbitrary<number> => fc.integer({ min: 1, max });

/** Runs a stock kernel as an op. */
function stockOp(name: string, inputs: Record<string, tf.Tensor>, attrs: object): tf.Tensor {
  const out = stock.get(name)!({ inputs, attrs: attrs as never, backend: tf.backend() });
  return tf.engine().makeTensorFromTensorInfo(out as tf.TensorInfo);
}

describe("matMul", () => {
  const sizes = fc.record({
    batch: fc.constantFrom<number[]>([], [1], [3], [2, 2]),
    rows: size(40),
    shared: size(40),
    columns: size(40),
    transposeA: fc.boolean(),
    transposeB: fc.boolean(),
  });
  const operands = ({
    batch,
    rows,
    shared,
    columns,
    transposeA,
    transposeB,
  }: {
    batch: number[];
    rows: number;
    shared: number;
    columns: number;
    transposeA: boolean;
    transposeB: boolean;
  }) => ({
    a: values(1, ...batch, ...(transposeA ? [shared, rows] : [rows, shared])),
    b: values(2, ...batch, ...(transposeB ? [columns, shared] : [shared, columns])),
  });

  it("equals the cpu backend's for any batch, shape and transpose", async () => {
    await fc.assert(
      fc.asyncProperty(sizes, async (shape) => {
        const { a, b } = operands(shape);
        const { transposeA, transposeB } = shape;
        const f = () => tf.matMul(tensor(a) as tf.Tensor, tensor(b) as tf.Tensor, transposeA, transposeB);
        expect(await differenceFromCpu(f)).toBeLessThan(1e-5);
      }),
      { numRuns: 150 },
    );
  });

  it("broadcasts batches, in either operand and with transposes", async () => {
    for (const [left, right] of [
      [[4], [1]],
      [[1], [4]],
      [
        [3, 2],
        [1, 1],
      ],
    ] as const) {
      for (const [transposeA, transposeB] of [
        [false, false],
        [true, false],
        [false, true],
        [true, true],
      ] as const) {
        const a = values(1, ...left, ...(transposeA ? [20, 24] : [24, 20]));
        const b = values(2, ...right, ...(transposeB ? [28, 20] : [20, 28]));
        const f = () => tf.matMul(tensor(a) as tf.Tensor, tensor(b) as tf.Tensor, transposeA, transposeB);
        expect(await differenceFromCpu(f)).toBeLessThan(1e-5);
      }
    }
  });

  it("broadcasts batches of several axes", async () => {
    const [a, b] = [values(1, 2, 1, 16, 20), values(2, 1, 3, 20, 18)];
    const [whole, one] = await on("wasm", () => {
      const [x, y] = [tensor(a), tensor(b)];
      const pick = (t: tf.Tensor4D, i: number, j: number): tf.Tensor2D =>
        tf.reshape(tf.slice(t, [i, j, 0, 0], [1, 1, -1, -1]), t.shape.slice(2) as [number, number]);
      const product = tf.matMul<tf.Tensor4D>(x, y);
      const single = [0, 1].map((i) =>
        tf.stack([0, 1, 2].map((j) => tf.matMul(pick(x, i, 0), pick(y, 0, j)))),
      );
      return [product, tf.stack(single)];
    });
    expect(distance(whole!, one!)).toBeLessThan(1e-5);
  });

  it("has the gradients that finite differences show", async () => {
    for (const [transposeA, transposeB] of [
      [false, false],
      [true, false],
      [false, true],
    ] as const) {
      const shape = { batch: [3], rows: 18, shared: 20, columns: 24, transposeA, transposeB };
      const { a, b } = operands(shape);
      const f = (x: tf.Tensor, y: tf.Tensor) => tf.matMul(x, y, transposeA, transposeB);
      expect(await differenceFromFinite(f, [a, b], 0.5)).toBeLessThan(1e-4);
    }
  });

  it("handles empty matrices", async () => {
    const f = () => [
      tf.matMul(tf.zeros([2, 0]), tf.zeros([0, 3])),
      tf.matMul(tf.zeros([0, 2]), tf.zeros([2, 3])),
    ];
    expect(await differenceFromCpu(f)).toBe(0);
  });

  it("meets a reshaped operand afresh, where the stock kernel keeps the packing of its first shape", async () => {
    const f = (product: (a: tf.Tensor2D, b: tf.Tensor2D) => tf.Tensor) => () => {
      const b = tf.tensor2d(values(1, 4, 3).data, [4, 3]);
      const first = product(tf.ones([2, 4]), b);
      return [first, product(tf.ones([2, 3]), tf.reshape(b, [3, 4]))];
    };
    const plain = { transposeA: false, transposeB: false };
    const ours = f((a, b) => tf.matMul(a, b));
    const [, right] = await on("cpu", ours);
    const [, broken] = await on(
      "wasm",
      f((a, b) => stockOp("BatchMatMul", { a, b }, plain)),
    );
    expect(distance(broken!, right!)).toBeGreaterThan(0.1);
    expect(await differenceFromCpu(ours)).toBeLessThan(1e-6);
  });
});

describe("fused.matMul", () => {
  const activations = ["linear", "relu", "relu6", "elu", "sigmoid", "leakyrelu"] as const;

  it.each(activations)("equals the cpu backend's with bias and %s", async (activation) => {
    for (const [transposeA, transposeB] of [
      [false, false],
      [true, false],
      [false, true],
    ] as const) {
      for (const batch of [[], [3]]) {
        const f = () => {
          const a = tensor(values(1, ...batch, ...(transposeA ? [100, 7] : [7, 100]))) as tf.Tensor;
          const b = tensor(values(2, ...batch, ...(transposeB ? [9, 100] : [100, 9]))) as tf.Tensor;
          const bias = tf.tensor1d(values(3, 9).data);
          return tf.fused.matMul({ a, b, transposeA, transposeB, bias, activation });
        };
        expect(await differenceFromCpu(f)).toBeLessThan(1e-5);
      }
    }
  });

  it("adds the bias once, where the stock kernel adds it per block and to the wrong columns", async () => {
    const [a, b] = [values(1, 1, 100, 7), values(2, 1, 100, 9)];
    const inputs = (): Record<string, tf.Tensor> => ({
      a: tensor(a),
      b: tensor(b),
      bias: tf.tensor1d(values(3, 9).data),
    });
    const attrs = { transposeA: true, transposeB: false, activation: "linear" };
    const [broken] = await on("wasm", () => stockOp("_FusedMatMul", inputs(), attrs));
    const [right] = await on("wasm", () => {
      const { a, b, bias } = inputs();
      return tf.add(tf.matMul(a!, b!, true), bias!);
    });
    const [fused] = await on("wasm", () =>
      tf.fused.matMul({ ...(inputs() as { a: tf.Tensor; b: tf.Tensor }), transposeA: true }),
    );
    expect(distance(broken!, right!)).toBeGreaterThan(0.1);
    expect(distance(fused!, right!)).toBeLessThan(1e-6);
  });
});

describe("einsum", () => {
  it.each([
    ["ij->ji", [[3, 4]]],
    ["ij->", [[3, 4]]],
    ["ijk->j", [[3, 4, 5]]],
    [
      "ij,jk->ik",
      [
        [3, 4],
        [4, 5],
      ],
    ],
    [
      "bik,bjk->bij",
      [
        [2, 3, 4],
        [2, 5, 4],
      ],
    ],
    [
      "bqhd,bkhd->bhqk",
      [
        [2, 3, 4, 5],
        [2, 6, 4, 5],
      ],
    ],
    [
      "bhqk,bkhd->bqhd",
      [
        [2, 4, 3, 6],
        [2, 6, 4, 5],
      ],
    ],
    ["i,j->ij", [[3], [4]]],
    [
      "ij,ij->",
      [
        [3, 4],
        [3, 4],
      ],
    ],
    [
      "bi,bi->b",
      [
        [3, 4],
        [3, 4],
      ],
    ],
  ] as [string, number[][]][])("%s equals the cpu backend's", async (equation, shapes) => {
    const f = () =>
      tf.einsum(equation, ...shapes.map((shape, i) => tensor(values(i, ...shape)) as tf.Tensor));
    expect(await differenceFromCpu(f)).toBeLessThan(1e-5);
  });

  it("refuses integers", async () => {
    await tf.setBackend("wasm");
    expect(() => tf.einsum("i->", tf.tensor1d([1, 2], "int32"))).toThrow(/Einsum.*expected float32/);
  });
});
