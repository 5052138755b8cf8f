import { type Condition, type Denoiser, type Mode, type Params, random } from "@ddpm/core";
import * as tf from "@tensorflow/tfjs";
import { beforeAll, describe, expect, test } from "vitest";
import { denoisers, describe as describeNetwork } from "../src/index.ts";
import { attend, type Qkv } from "../src/layers/attention/attention.ts";
import { recomputable, recomputed } from "../src/layers/blocks/recompute.ts";
import { batchNorm } from "../src/layers/norms/batch-norm.ts";
import { scope } from "../src/scope.ts";

beforeAll(async () => {
  await tf.setBackend("cpu");
});

const normal = (seed: number, ...shape: number[]): tf.Tensor =>
  tf.tensor(random(seed).normals(tf.util.sizeFromShape(shape)), shape);

const bits = (tensors: readonly tf.Tensor[]): Uint32Array[] =>
  tensors.map((tensor) => new Uint32Array((tensor.dataSync() as Float32Array).slice().buffer));

const largest = (a: tf.Tensor, b: tf.Tensor): number => tf.max(tf.abs(tf.sub(a, b))).dataSync()[0]!;

/** The most bytes at once while f runs, beyond those before it. */
async function peakBytes(f: () => tf.Tensor[]): Promise<number> {
  const before = tf.memory().numBytes;
  const { peakBytes } = await tf.profile(() => f() as unknown as tf.TensorContainer as tf.Tensor);
  return peakBytes - before;
}

describe("a function that is recomputed", () => {
  const deep = ([x, w]: readonly tf.Tensor[]): tf.Tensor => {
    let h = x!;
    for (let i = 0; i < 6; i++) h = tf.sigmoid(tf.mul(tf.tanh(h), tf.add(w!, i)));
    return h;
  };
  const x = normal(1, 40, 50);
  const w = normal(2, 50);
  const gradients = (f: (tensors: readonly tf.Tensor[]) => tf.Tensor): tf.Tensor[] =>
    tf.grads((x, w) => tf.sum(tf.square(f([x!, w!]))))([x, w]);

  test("has the same value and gradients, bit for bit, and leaves nothing behind", () => {
    expect(bits([recomputed([x, w], deep)])).toEqual(bits([deep([x, w])]));
    const expected = bits(gradients(deep));
    const before = tf.memory().numTensors;
    const found = gradients((tensors) => recomputed(tensors, deep));
    expect(bits(found)).toEqual(expected);
    expect(tf.memory().numTensors).toBe(before + 2);
    tf.dispose(found);
  });

  test("can be inside of another one, in a chain, and next to operations that are kept", () => {
    const chained =
      (again: typeof recomputed) =>
      (tensors: readonly tf.Tensor[]): tf.Tensor => {
        const [x, w] = tensors as [tf.Tensor, tf.Tensor];
        const first = again([x, w], (inner) => again(inner, deep));
        return tf.add(tf.square(first), again([tf.exp(first), w], deep));
      };
    const expected = bits(gradients(chained((tensors, f) => f(tensors.map((tensor) => tf.clone(tensor))))));
    expect(bits(gradients(chained(recomputed)))).toEqual(expected);
  });

  test("keeps its inputs only: a chain of four takes less than half at its peak", async () => {
    const chain =
      (again: typeof recomputed) =>
      ([x, w]: readonly tf.Tensor[]): tf.Tensor => {
        let h = x!;
        for (let i = 0; i < 4; i++) h = again([h, w!], deep);
        return h;
      };
    const plain = await peakBytes(() => gradients(chain((tensors, f) => f(tensors))));
    const less = await peakBytes(() => gradients(chain(recomputed)));
    expect(less).toBeLessThan(plain / 2);
  });
});

const cases: [string, object, readonly [number, number, number]][] = [
  [
    "ho",
    { width: 8, multipliers: [1, 2], blocks: 1, attention: [0], groups: 4, dropout: 0.3, channels: 1 },
    [8, 8, 1],
  ],
  [
    "labml",
    {
      nChannels: 8,
      chMults: [1, 2],
      isAttn: [false, true],
      nBlocks: 1,
      groups: 4,
      headGroups: 2,
      channels: 1,
    },
    [4, 6, 1],
  ],
  [
    "guided",
    {
      channels: 1,
      modelChannels: 8,
      channelMult: [1, 2],
      numResBlocks: 1,
      attentionResolutions: [2],
      numHeadChannels: 4,
      groups: 4,
      numClasses: 3,
      useScaleShiftNorm: true,
      resblockUpdown: true,
      dropout: 0.1,
    },
    [4, 4, 1],
  ],
  ["lucidrains", { dim: 4, dimMults: [1, 2], attnDimHead: 4, dropout: 0.2, channels: 1 }, [4, 4, 1]],
  ["annotated-later", { dim: 4, dimMults: [1, 2], channels: 1 }, [4, 4, 1]],
  [
    "unet2d",
    {
      channels: 1,
      blockOutChannels: [8, 12],
      layersPerBlock: 1,
      downBlockTypes: ["SkipDownBlock2D", "AttnDownBlock2D"],
      upBlockTypes: ["SkipUpBlock2D", "SkipUpBlock2D"],
      normNumGroups: 4,
      attentionHeadDim: null,
    },
    [4, 6, 1],
  ],
  [
    "song",
    {
      channels: 1,
      modelChannels: 8,
      channelMult: [1, 2],
      numBlocks: 1,
      encoderType: "residual",
      decoderType: "skip",
    },
    [4, 6, 1],
  ],
  ["dit", { channels: 1, inputSize: 8, depth: 2, hiddenSize: 16, numHeads: 2, numClasses: 3 }, [8, 8, 1]],
];

describe.each(cases)("%s with its blocks recomputed", (name, options, [height, width, channels]) => {
  const denoiser: Denoiser = denoisers.create({ name, ...options });
  const params: Params = Object.fromEntries(
    Object.entries(denoiser.init(random(3))).map(([name, value], i) => [
      name,
      tf.add(value, tf.mul(normal(i + 9, ...value.shape), 0.1)),
    ]),
  );
  const x = normal(5, 2, height, width, channels) as tf.Tensor4D;
  const noise = tf.tensor1d([3, 800]);
  const condition: Condition = denoiser.classes ? { labels: tf.tensor1d([0, 2], "int32") } : {};
  const learned = denoiser.specs.filter(({ trainable }) => trainable).map(({ name }) => params[name]!);

  /** Every call draws other numbers: repeating must not draw at all. */
  const gradients = (recompute: boolean): tf.Tensor[] => {
    const stream = random(8);
    const mode: Mode = {
      training: true,
      recompute,
      uniform: (_name, shape) =>
        tf.tensor(
          Float32Array.from({ length: tf.util.sizeFromShape([...shape]) }, () => stream.uniform()),
          [...shape],
        ),
    };
    const loss = (): tf.Scalar => tf.mean(tf.square(denoiser.apply(params, x, noise, condition, mode)));
    const { value, grads } = tf.engine().gradients(loss, learned, undefined, true);
    return [value, ...grads];
  };

  test("gives the same loss and gradients, bit for bit, with less memory and without a leak", async () => {
    const before = tf.memory().numTensors;
    const found = [true, false].map((recompute) => {
      let numbers: Uint32Array[] = [];
      tf.tidy(() => {
        numbers = bits(gradients(recompute));
      });
      return numbers;
    });
    expect(tf.memory().numTensors).toBe(before);
    expect(found[0]).toHaveLength(learned.length + 1);
    expect(found[0]).toEqual(found[1]);
    const [less, plain] = [await peakBytes(() => gradients(true)), await peakBytes(() => gradients(false))];
    expect(less).toBeLessThan(0.8 * plain);
  });
});

test("running statistics are reported once, and the statistics themselves are those of the first time", () => {
  const root = scope();
  const part = recomputable(root, () => {
    const norm = batchNorm(root.child("norm"), 3);
    return (run, [x]) => tf.tanh(norm(run, x as tf.Tensor4D));
  });
  const params = Object.fromEntries(root.declared.map(({ name, shape }) => [name, tf.ones([...shape])]));
  const x = normal(4, 2, 3, 3, 3) as tf.Tensor4D;
  const run = (recompute: boolean): [string[], Uint32Array[]] => {
    const names: string[] = [];
    const mode: Mode = { training: true, recompute, update: (name) => void names.push(name) };
    const gradient = tf.grad((x) => tf.sum(tf.square(part({ params, mode }, [x]))))(x);
    return [names, bits([gradient])];
  };
  expect(run(true)).toEqual(run(false));
  expect(run(true)[0]).toHaveLength(3);
});

describe("attention in portions of queries", () => {
  const [heads, pixels, width] = [2, 50, 3];
  const qkv = (seed: number): tf.Tensor4D => normal(seed, 2, heads, pixels, width) as tf.Tensor4D;
  const parts = [qkv(1), qkv(2), qkv(3)] as const;
  const all = ([q, k, v]: readonly tf.Tensor[]): Qkv => ({ q, k, v }) as Qkv;
  const gradients = (most: number): tf.Tensor[] =>
    tf.grads((...given) => tf.sum(tf.square(attend(all(given), 0.7, most))))([...parts]);

  test.each([1, 50, 7 * 50, 49 * 50])(
    "at most %i weights at a time: the same values and gradients",
    (most) => {
      expect(largest(attend(all(parts), 0.7, most), attend(all(parts), 0.7))).toBeLessThan(1e-6);
      const expected = gradients(Number.POSITIVE_INFINITY);
      for (const [i, gradient] of gradients(most).entries()) {
        expect(largest(gradient, expected[i]!)).toBeLessThan(1e-5);
      }
    },
  );

  test("holds a fraction of the weights, forward and backward", async () => {
    const most = 5 * pixels;
    const forward = (limit?: number) => (): tf.Tensor[] => [attend(all(parts), 0.7, limit)];
    expect(await peakBytes(forward(most))).toBeLessThan((await peakBytes(forward())) / 3);
    const [less, plain] = [await peakBytes(() => gradients(most)), await peakBytes(() => gradients(2 ** 20))];
    expect(less).toBeLessThan(plain / 3);
  });

  test("is what large images get: memory that is described grows with the pixels, not with their square", () => {
    const net = denoisers.create({
      name: "ho",
      channels: 1,
      width: 8,
      multipliers: [1],
      blocks: 1,
      attention: [0],
      groups: 2,
    });
    const [small, large] = [describeNetwork(net, [64, 64]).total, describeNetwork(net, [128, 128]).total];
    expect(large.samplingBytes / small.samplingBytes).toBeLessThan(5);
    expect(large.trainingBytes / small.trainingBytes).toBeLessThan(5);
    expect(large.multiplyAdds / small.multiplyAdds).toBeGreaterThan(10);
  });
});

test("what training needs is described with and without working blocks out again", () => {
  const { total, recomputingBytes } = describeNetwork(denoisers.create({ name: "ho" }), [32, 32]);
  expect(recomputingBytes).toBeLessThan(0.45 * total.trainingBytes);
  expect(recomputingBytes).toBeGreaterThan(0.1 * total.trainingBytes);
  const dense = describeNetwork(denoisers.create({ name: "mlp" }), [1, 1]);
  expect(dense.recomputingBytes).toBe(dense.total.trainingBytes);
});
