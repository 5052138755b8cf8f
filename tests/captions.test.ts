import * as tf from "@tensorflow/tfjs";
import { expect, test } from "vitest";
import {
  type Condition,
  type Denoise,
  type Denoiser,
  disposeParams,
  type ImageStream,
  random,
} from "../packages/core/src/index.ts";
import { unconditional } from "../packages/diffusion/src/authoring.ts";
import {
  classifierFree,
  denoiseWith,
  l2,
  lastOf,
  samplers,
  samplingLoop,
  simple,
  v,
} from "../packages/diffusion/src/index.ts";
import { cosine, trailing, uniform } from "../packages/schedules/src/index.ts";
import {
  textTransformer,
  tokenRows,
  vocabularyOf,
  withText,
  withTokens,
  wordTokenizer,
} from "../packages/text/src/index.ts";
import { adamw, constantRate, trainingLoop } from "../packages/trainer/src/index.ts";
import { denoiserFrom, dense, scope } from "../packages/unet/src/authoring.ts";

/** Two words that together are the colour of an image of one pixel. */
const colours = {
  "dark red": [-0.2, -1, -1],
  "bright red": [1, -0.2, -0.2],
  "dark blue": [-1, -1, -0.2],
  "bright blue": [-0.2, -0.2, 1],
} as const;
const captions = Object.keys(colours) as (keyof typeof colours)[];
const captionOf = (k: number): keyof typeof colours => captions[k % captions.length]!;

const stream: ImageStream = {
  ...{ shape: [1, 1, 3], length: 1000, fingerprint: "coloured pixels" },
  async read(first, count) {
    const names = Array.from({ length: count }, (_, i) => captionOf(first + i));
    const noise = random(first).normals(3 * count);
    const pixels = names.flatMap((name) => colours[name]);
    return {
      data: Float32Array.from(pixels, (value, i) => value + 0.05 * noise[i]!),
      shape: [count, 1, 1, 3],
      captions: names,
    };
  },
};

const tokenizer = wordTokenizer({ words: vocabularyOf(captions), length: 4 });
const textModel = textTransformer({ vocabulary: tokenizer.size, length: 4, width: 8, layers: 1, heads: 2 });

/** A dense layer on pixel, noise and the mean of the tokens that are seen, and another on its result. */
function pixels(): Denoiser {
  const root = scope();
  const first = dense(root.child("first"), { in: 12, out: 32 });
  const last = dense(root.child("last"), { in: 32, out: 3 });
  return denoiserFrom(root, {
    ...{ name: "pixels", channels: 3, context: 8 },
    forward(run, x, noise, { context, contextMask }) {
      const mask = tf.expandDims(tf.cast(contextMask!, "float32"), 2);
      const text = tf.div(tf.sum(tf.mul(context!, mask), 1), tf.sum(mask, 1)) as tf.Tensor2D;
      const parts = [tf.reshape(x, [-1, 3]), tf.div(tf.expandDims(noise, 1), 1000), text] as tf.Tensor2D[];
      const hidden = tf.tanh(first(run, tf.concat(parts, 1)));
      return tf.reshape(last(run, hidden), [-1, 1, 1, 3]);
    },
  });
}

test("network and text model learn from captions together, and the text decides what is drawn", async () => {
  await tf.setBackend("cpu");
  const denoiser = withText({ denoiser: pixels(), textModel, tokenizer });
  const [schedule, parameterization] = [cosine(), v()];
  const training = trainingLoop({
    ...{ denoiser, parameterization, schedule, times: uniform(), loss: l2(), weight: simple() },
    ...{ images: withTokens(stream, tokenizer), batch: 32, labelDropout: 0.1 },
    ...{
      optimizer: adamw(),
      learningRate: constantRate({ rate: 1e-2 }),
      seed: 3,
      until: 10_000,
      logEvery: 10_000,
    },
  });
  let params = {};
  for await (const event of training) if (event.type === "done") params = event.state.params;

  const drawn = async (prompts: readonly string[], scale: number): Promise<readonly string[]> => {
    const { ids, shape } = tokenRows(tokenizer, prompts);
    const condition: Condition = { tokens: tf.tensor2d(ids, [...shape], "int32") };
    const denoise = (given: Condition): Denoise =>
      denoiseWith({ denoiser, params, parameterization, schedule, condition: given });
    const both = { conditional: denoise(condition), unconditional: denoise(unconditional(condition)), scale };
    const x = await lastOf(
      samplingLoop({
        ...{ denoise: classifierFree(both), schedule, sampler: samplers.create("ddim") },
        ...{ times: trailing().times(10, schedule), shape: [prompts.length, 1, 1, 3], random: random(5) },
      }),
    );
    const values = (await x.array()) as number[][][][];
    tf.dispose([x, condition.tokens!]);
    return values.map(([[pixel]]) => nearestColour(pixel!));
  };

  const prompts = Array.from({ length: 40 }, (_, k) => captionOf(k));
  const right = (found: readonly string[]): number => found.filter((name, k) => name === prompts[k]).length;
  expect(right(await drawn(prompts, 1))).toBeGreaterThanOrEqual(36);
  expect(right(await drawn(prompts, 2))).toBeGreaterThanOrEqual(36);
  expect(right(await drawn([...prompts].reverse(), 1))).toBeLessThan(4);
  expect(
    new Set(
      await drawn(
        prompts.map(() => ""),
        1,
      ),
    ).size,
  ).toBe(captions.length);
  disposeParams(params);
});

function nearestColour(pixel: readonly number[]): string {
  const distance = (name: keyof typeof colours): number =>
    Math.hypot(...colours[name].map((value, c) => value - pixel[c]!));
  return captions.reduce((a, b) => (distance(b) < distance(a) ? b : a));
}
