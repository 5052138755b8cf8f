import { type Denoiser, disposeParams, type ImageStream, INFERENCE, type Params, random } from "@ddpm/core";
import { denoiserFrom, dense, type Run, scope } from "@ddpm/unet/authoring";
import * as tf from "@tensorflow/tfjs";
import { expect, test } from "vitest";
import { textTransformer, tokenRows, withText, withTokens, wordTokenizer } from "../src/index.ts";

const WIDTH = 8;
const tokenizer = wordTokenizer({ words: ["red", "green"], length: 4 });
const textModel = textTransformer({
  vocabulary: tokenizer.size,
  length: 4,
  width: WIDTH,
  layers: 1,
  heads: 2,
});

/** One pixel, whose change depends on the mean of the tokens that are seen. */
function pixel(context = WIDTH): Denoiser {
  const root = scope();
  const layer = dense(root.child("out"), { in: context, out: 3 });
  return denoiserFrom(root, {
    ...{ name: "pixel", channels: 3, context },
    forward(run: Run, x, _noise, { context: tokens, contextMask }) {
      const mask = tf.expandDims(tf.cast(contextMask!, "float32"), 2);
      const mean = tf.div(tf.sum(tf.mul(tokens!, mask), 1), tf.sum(mask, 1)) as tf.Tensor2D;
      return tf.add(x, tf.reshape(layer(run, mean), [-1, 1, 1, 3]));
    },
  });
}

const denoiser = withText({ denoiser: pixel(), textModel, tokenizer });

function output(params: Params, tokens?: readonly number[]): number[] {
  return tf.tidy(() => {
    const x = tf.zeros([1, 1, 1, 3]) as tf.Tensor4D;
    const condition = tokens ? { tokens: tf.tensor2d([[...tokens]], [1, tokens.length], "int32") } : {};
    return [...denoiser.apply(params, x, tf.zeros([1]), condition, INFERENCE).dataSync()];
  });
}

test("the text decides, and no tokens are the empty text", () => {
  const params = denoiser.init(random(1));
  const [start, end, padding] = [tokenizer.start, tokenizer.end, tokenizer.padding];
  expect(output(params)).toEqual(output(params, [start, end, padding, padding]));
  expect(output(params, [start, 4, end, padding])).not.toEqual(output(params, [start, 5, end, padding]));
  expect(() => output(params, [start, end])).toThrow(/condition\.tokens/);
  disposeParams(params);
});

test("both are trained: every parameter of the text model has a gradient that is not zero", () => {
  const params = denoiser.init(random(2));
  expect(Object.keys(params)).toEqual(denoiser.specs.map(({ name }) => name));
  const names = denoiser.specs.map(({ name }) => name);
  const loss = (...values: tf.Tensor[]): tf.Scalar => {
    const given = Object.fromEntries(names.map((name, i) => [name, values[i]!]));
    const tokens = tf.tensor2d([[1, 4, 2, 0]], undefined, "int32");
    const x = tf.ones([1, 1, 1, 3]) as tf.Tensor4D;
    return tf.mean(tf.square(denoiser.apply(given, x, tf.zeros([1]), { tokens }, INFERENCE)));
  };
  const grads = tf.tidy(() =>
    tf
      .grads(loss)(names.map((name) => params[name]!))
      .map((grad) => tf.max(tf.abs(grad)).dataSync()[0]!),
  );
  // A key's bias raises all scores of a query alike, which softmax does not see.
  const flat = names.filter((name, i) => grads[i]! < 1e-7 && !name.endsWith("attention.k.bias"));
  expect(flat).toEqual([]);
  disposeParams(params);
});

test("parts that do not fit are refused with both numbers", () => {
  const wide = wordTokenizer({ words: ["a", "b", "c"], length: 4 });
  const long = wordTokenizer({ words: ["red", "green"], length: 5 });
  expect(() => withText({ denoiser: pixel(12), textModel, tokenizer })).toThrow(/width 12.*8 numbers/);
  expect(() => withText({ denoiser: pixel(), textModel, tokenizer: wide })).toThrow(/7 tokens.*knows 6/);
  expect(() => withText({ denoiser: pixel(), textModel, tokenizer: long })).toThrow(
    /rows of 5 ids.*4 at most/,
  );
});

test("a stream's captions become rows, and what has none or is too long is refused", async () => {
  const captioned = (...captions: string[]): ImageStream => ({
    ...{ shape: [1, 1, 3], length: captions.length, fingerprint: "captions" },
    async read(_first, count) {
      return { data: new Float32Array(3 * count), shape: [count, 1, 1, 3], captions };
    },
  });
  const stream = withTokens(captioned("red", "green red"), tokenizer);
  expect((await stream.read(0, 2)).tokens).toEqual(Int32Array.of(1, 4, 2, 0, 1, 5, 4, 2));
  expect(stream.fingerprint).not.toBe("captions");
  await expect(withTokens(captioned("red red red"), tokenizer).read(0, 1)).rejects.toThrow("1 ids too long");
  await expect(withTokens(captioned("blue"), tokenizer).read(0, 1)).rejects.toThrow('"blue" is not in');
  const bare: ImageStream = {
    ...captioned(),
    read: async () => ({ data: new Float32Array(3), shape: [1, 1, 1, 3] }),
  };
  await expect(withTokens(bare, tokenizer).read(0, 1)).rejects.toThrow("no captions");
});

test("a network that takes a vector receives the pooled state of the text", () => {
  const root = scope();
  const layer = dense(root.child("out"), { in: WIDTH, out: 3 });
  const taking = (vector: number): Denoiser =>
    denoiserFrom(root, {
      ...{ name: "pixel", channels: 3, context: WIDTH, vector },
      forward: (run: Run, x, _noise, condition) =>
        tf.add(x, tf.reshape(layer(run, condition.vector!), [-1, 1, 1, 3])),
    });
  const pooling = withText({ denoiser: taking(WIDTH), textModel, tokenizer });
  expect(pooling.vector).toBeUndefined();
  const params = pooling.init(random(2));
  const drawn = (text: string): number[] =>
    tf.tidy(() => {
      const { ids, shape } = tokenRows(tokenizer, [text]);
      const condition = { tokens: tf.tensor2d(ids, [...shape], "int32") };
      const x = tf.zeros([1, 1, 1, 3]) as tf.Tensor4D;
      return [...pooling.apply(params, x, tf.zeros([1]), condition, INFERENCE).dataSync()];
    });
  expect(drawn("red")).not.toEqual(drawn("green"));
  disposeParams(params);
  expect(() => withText({ denoiser: taking(WIDTH + 1), textModel, tokenizer })).toThrow(
    `takes a vector of ${WIDTH + 1} numbers, and the pooled state of transformer has ${WIDTH}`,
  );
});
