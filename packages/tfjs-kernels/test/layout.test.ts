import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { simplified } from "../src/wasm/kernels/arrangement/transpose.ts";
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

const shape = fc.array(fc.integer({ min: 1, max: 6 }), { minLength: 1, maxLength: 5 });
const runs = { numRuns: 150 };
const dtype = fc.constantFrom("float32", "int32", "bool");

/** Whole numbers, so that every dtype can hold them. */
const counting = (size: number[], type: string): tf.Tensor =>
  tf.cast(
    tf.reshape(
      tf.range(
        0,
        size.reduce((a, b) => a * b, 1),
      ),
      size,
    ),
    type as "float32",
  );

describe("moving data", () => {
  it("transpose equals the cpu backend's for any rank and order", async () => {
    const cases = shape.chain((size) =>
      fc.tuple(
        fc.constant(size),
        fc.shuffledSubarray(
          size.map((_, i) => i),
          { minLength: size.length },
        ),
      ),
    );
    await fc.assert(
      fc.asyncProperty(cases, dtype, async ([size, perm], type) => {
        expect(await differenceFromCpu(() => tf.transpose(counting(size, type), perm))).toBe(0);
      }),
      runs,
    );
  });

  it("a permutation is simplified to one that moves the same data", () => {
    expect(simplified([4, 1, 5, 6], [0, 2, 3, 1])).toEqual({ shape: [120], perm: [0] });
    expect(simplified([2, 3, 4, 5], [0, 3, 1, 2])).toEqual({ shape: [2, 12, 5], perm: [0, 2, 1] });
    expect(simplified([2, 3, 4, 5], [0, 2, 1, 3])).toEqual({ shape: [2, 3, 4, 5], perm: [0, 2, 1, 3] });
  });

  it("slice, split and the pieces of concat's gradient equal the cpu backend's", async () => {
    const cases = shape.chain((size) =>
      fc.tuple(
        fc.constant(size),
        fc.tuple(...size.map((length) => fc.integer({ min: 0, max: length - 1 }))),
        fc.integer({ min: 0, max: size.length - 1 }),
      ),
    );
    await fc.assert(
      fc.asyncProperty(cases, dtype, async ([size, begin, axis], type) => {
        const f = () => {
          const x = counting(size, type);
          return [
            tf.slice(
              x,
              begin,
              size.map((length, i) => length - begin[i]!),
            ),
            tf.slice(
              x,
              begin,
              size.map(() => 1),
            ),
            ...tf.split(
              x,
              size
                .map((length, i) => (i === axis ? length : 0))
                .filter((n) => n > 0)
                .flatMap((n) => (n > 1 ? [1, n - 1] : [n])),
              axis,
            ),
          ];
        };
        expect(await differenceFromCpu(f)).toBe(0);
      }),
      runs,
    );
  });

  it("concat equals the cpu backend's along any axis", async () => {
    const cases = shape.chain((size) =>
      fc.tuple(fc.constant(size), fc.integer({ min: 0, max: size.length - 1 })),
    );
    await fc.assert(
      fc.asyncProperty(cases, fc.integer({ min: 0, max: 9 }), dtype, async ([size, axis], other, type) => {
        const f = () => {
          const [a, b] = [counting(size, type), counting(size.with(axis, other), type)];
          return tf.concat([a, b, a], axis);
        };
        expect(await differenceFromCpu(f)).toBe(0);
      }),
      runs,
    );
  });

  it("gather equals the cpu backend's along any axis, and refuses indices outside", async () => {
    const cases = shape.chain((size) =>
      fc.tuple(fc.constant(size), fc.integer({ min: 0, max: size.length - 1 })),
    );
    await fc.assert(
      fc.asyncProperty(
        cases,
        fc.array(fc.nat(), { minLength: 1, maxLength: 6 }),
        dtype,
        async ([size, axis], some, type) => {
          const indices = some.map((index) => index % size[axis]!);
          const f = () => tf.gather(counting(size, type), tf.tensor1d(indices, "int32"), axis);
          expect(await differenceFromCpu(f)).toBe(0);
        },
      ),
      runs,
    );
    const batched = () =>
      tf.gather(
        tensor(values(1, 3, 4, 5)) as tf.Tensor,
        tf.tensor2d(
          [
            [0, 3],
            [1, 1],
            [2, 0],
          ],
          [3, 2],
          "int32",
        ),
        1,
        1,
      );
    expect(await differenceFromCpu(batched)).toBe(0);
    await tf.setBackend("wasm");
    expect(() => tf.gather(tf.ones([3, 2]), tf.tensor1d([0, 3], "int32"))).toThrow(
      /got index 3, expected 0 to 2/,
    );
  });

  it("cast to bool equals the cpu backend's", async () => {
    const f = () => [
      tf.cast(tf.tensor1d([0.5, 2, 0, -1, Number.NaN]), "bool"),
      tf.cast(tf.tensor1d([256, 0, -3], "int32"), "bool"),
    ];
    expect(await differenceFromCpu(f)).toBe(0);
  });

  it("tile equals the cpu backend's", async () => {
    const cases = shape.chain((size) =>
      fc.tuple(fc.constant(size), fc.tuple(...size.map(() => fc.integer({ min: 1, max: 3 })))),
    );
    await fc.assert(
      fc.asyncProperty(cases, dtype, async ([size, reps], type) => {
        expect(await differenceFromCpu(() => tf.tile(counting(size, type), reps))).toBe(0);
      }),
      runs,
    );
  });

  it("has the gradients that finite differences show", async () => {
    const x = [values(1, 2, 3, 4, 5)];
    for (const f of [
      (y: tf.Tensor) => tf.transpose(y, [0, 2, 1, 3]),
      (y: tf.Tensor) => tf.transpose(y, [0, 3, 1, 2]),
      (y: tf.Tensor) => tf.slice(y, [0, 1, 0, 2], [2, 2, 4, 3]),
      (y: tf.Tensor) => tf.tile(y, [1, 2, 1, 3]),
      (y: tf.Tensor) => tf.concat(tf.split(y, [2, 3], 3).toReversed(), 3),
    ]) {
      expect(await differenceFromFinite(f, x, 0.5)).toBeLessThan(1e-4);
    }
  });
});

describe("sum and mean", () => {
  it("equal the cpu backend's over any axes", async () => {
    const cases = shape.chain((size) => fc.tuple(fc.constant(size), fc.subarray(size.map((_, i) => i))));
    await fc.assert(
      fc.asyncProperty(cases, fc.boolean(), async ([size, axes], keepDims) => {
        const x = values(1, ...size);
        const f = () => [
          tf.sum(tensor(x) as tf.Tensor, axes, keepDims),
          tf.mean(tensor(x) as tf.Tensor, axes, keepDims),
        ];
        expect(await differenceFromCpu(f)).toBeLessThan(1e-6);
      }),
      runs,
    );
  });

  it.each([
    ["bias gradient", [8, 16, 16, 12], [0, 1, 2]],
    ["group statistics", [3, 400, 4, 8], [1, 3]],
    ["channel statistics", [2, 30, 40, 16], [1, 2]],
    ["everything", [5, 40, 40, 3], [0, 1, 2, 3]],
  ] as const)("keep their digits on long sums: %s", async (_, size, axes) => {
    const x = values(1, ...size);
    const positive = { shape: x.shape, data: x.data.map((value) => value + 3) };
    const f = () => [tf.sum(tensor(positive), [...axes]), tf.mean(tensor(positive), [...axes])];
    expect(await differenceFromCpu(f)).toBeLessThan(2e-6);
  });

  it("has the gradients that finite differences show", async () => {
    const normalised = (y: tf.Tensor): tf.Tensor => {
      const { mean, variance } = tf.moments(y, [1, 3], true);
      return tf.mul(tf.sub(y, mean), tf.rsqrt(tf.add(variance, 1e-2)));
    };
    expect(await differenceFromFinite(normalised, [values(1, 3, 6, 4, 5)])).toBeLessThan(2e-3);
  });
});

describe("gradients of gather, pooling and resizing", () => {
  it("of gather adds the rows that share an index", async () => {
    const indices = tf.tensor1d([2, 0, 2, 2, 4], "int32");
    const f = (table: tf.Tensor): tf.Tensor => tf.gather(table, indices);
    expect(await differenceFromFinite(f, [values(1, 5, 7)], 0.5)).toBeLessThan(1e-4);
    expect(
      await differenceFromCpu(() =>
        tf.grad((t: tf.Tensor) => tf.sum(tf.square(tf.gather(t, [2, 0, 2]))))(tensor(values(1, 5, 7))),
      ),
    ).toBeLessThan(1e-6);
  });

  it("of segments drops ids outside the range", async () => {
    const f = () =>
      tf.unsortedSegmentSum(tensor(values(1, 4, 3)) as tf.Tensor, tf.tensor1d([1, -1, 1, 3], "int32"), 3);
    expect(await differenceFromCpu(f)).toBeLessThan(1e-6);
  });

  const pools = fc.record({
    size: fc.tuple(
      fc.integer({ min: 1, max: 3 }),
      fc.integer({ min: 3, max: 8 }),
      fc.integer({ min: 3, max: 8 }),
      fc.integer({ min: 1, max: 5 }),
    ),
    window: fc.integer({ min: 1, max: 3 }),
    stride: fc.integer({ min: 1, max: 3 }),
    pad: fc.constantFrom("same" as const, "valid" as const),
    lift: fc.constantFrom(-2, 0, 2),
  });

  it("of max pooling equals the cpu backend's, for values of any sign", async () => {
    await fc.assert(
      fc.asyncProperty(pools, async ({ size, window, stride, pad, lift }) => {
        const f = () => {
          const x = tf.add(tensor(values(1, ...size)), lift) as tf.Tensor4D;
          return tf.grad((y: tf.Tensor) =>
            tf.sum(tf.square(tf.maxPool(y as tf.Tensor4D, window, stride, pad))),
          )(x);
        };
        expect(await differenceFromCpu(f)).toBeLessThan(1e-6);
      }),
      runs,
    );
  });

  it("of max pooling is wrong in the stock kernel where no value is positive", async () => {
    const f = (run: tf.KernelFunc) => () => {
      const input = tf.sub(tensor(values(1, 1, 4, 4, 2)), 2);
      const dy = tf.ones([1, 2, 2, 2]);
      const attrs = { filterSize: 2, strides: 2, pad: "valid" } as never;
      const out = run({ inputs: { dy, input, output: dy }, attrs, backend: tf.backend() });
      return tf.engine().makeTensorFromTensorInfo(out as tf.TensorInfo);
    };
    const [broken] = await on("wasm", f(stock.get("MaxPoolGrad")!));
    const [right] = await on("wasm", f(tf.getKernel("MaxPoolGrad", "wasm")!.kernelFunc));
    expect(distance(broken!, right!)).toBeGreaterThan(0.1);
  });

  it("of nearest resizing with half-pixel centres, and cast to bool, are wrong in the stock kernels", async () => {
    const run = (name: string, ours: boolean, inputs: () => tf.NamedTensorMap, attrs: object) =>
      on("wasm", () => {
        const kernelFunc = ours ? tf.getKernel(name, "wasm").kernelFunc : stock.get(name)!;
        const out = kernelFunc({ inputs: inputs(), attrs: attrs as never, backend: tf.backend() });
        return tf.engine().makeTensorFromTensorInfo(out as tf.TensorInfo);
      });
    const images = () => ({ images: tf.zeros([1, 4, 4, 1]), dy: tensor(values(1, 1, 7, 7, 1)) });
    const centres = { alignCorners: false, halfPixelCenters: true };
    const numbers = () => ({ x: tf.tensor1d([0.5, 2]) });
    for (const [name, inputs, attrs] of [
      ["ResizeNearestNeighborGrad", images, centres],
      ["Cast", numbers, { dtype: "bool" }],
    ] as const) {
      const [broken] = await run(name, false, inputs, attrs);
      const [right] = await run(name, true, inputs, attrs);
      expect(distance(broken!, right!)).toBeGreaterThan(0.1);
    }
  });

  it.each([
    ["twice", [8, 12], false, false],
    ["to an odd size", [7, 9], false, false],
    ["down", [3, 4], false, false],
    ["with aligned corners", [9, 11], true, false],
    ["with half-pixel centres", [7, 15], false, true],
  ] as const)("of nearest resizing agree with finite differences: %s", async (_, size, align, half) => {
    const f = (x: tf.Tensor): tf.Tensor =>
      tf.image.resizeNearestNeighbor(x as tf.Tensor4D, [...size], align, half);
    expect(await differenceFromFinite(f, [values(1, 3, 4, 6, 5)], 0.5)).toBeLessThan(1e-4);
  });
});
