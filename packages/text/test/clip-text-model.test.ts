import { disposeParams, random } from "@ddpm/core";
import * as tf from "@tensorflow/tfjs";
import { expect, test } from "vitest";
import { clipTextModel, textModels } from "../src/index.ts";

const small = {
  ...{ vocabSize: 20, hiddenSize: 8, intermediateSize: 16, numHiddenLayers: 2, numAttentionHeads: 2 },
  ...{ maxPositionEmbeddings: 6, eosTokenId: 19 },
};
const model = clipTextModel(small);
const ids = (rows: number[][]): tf.Tensor2D => tf.tensor2d(rows, undefined, "int32");

test("shapes, and no tensor is left", () => {
  const params = model.init(random(1));
  const before = tf.memory().numTensors;
  const shapes = tf.tidy(() => {
    const { hidden, last, pooled } = model.apply(
      params,
      ids([
        [18, 3, 19],
        [18, 19, 19],
      ]),
    );
    return [...hidden, last, pooled].map(({ shape }) => shape);
  });
  expect(shapes).toEqual([
    [2, 3, 8],
    [2, 3, 8],
    [2, 3, 8],
    [2, 3, 8],
    [2, 8],
  ]);
  expect(tf.memory().numTensors).toBe(before);
  disposeParams(params);
});

test("a token changes no state before it, and padding that is masked changes none of what is seen", () => {
  const params = model.init(random(2));
  const states = (rows: number[][], mask?: number[][]): Float32Array =>
    tf.tidy(() =>
      model
        .apply(params, ids(rows), mask && tf.tensor2d(mask))
        .last.dataSync<"float32">()
        .slice(),
    );
  const first = states([[18, 3, 4, 5, 19, 19]]);
  const changed = states([[18, 3, 4, 9, 19, 19]]);
  expect(changed.slice(0, 3 * 8)).toEqual(first.slice(0, 3 * 8));
  expect(changed.slice(3 * 8, 4 * 8)).not.toEqual(first.slice(3 * 8, 4 * 8));
  const mask = [[0, 1, 1, 1, 1, 1]];
  const hidden = states([[18, 3, 4, 5, 19, 19]], mask);
  const other = states([[7, 3, 4, 5, 19, 19]], mask);
  expect(other.slice(8)).toEqual(hidden.slice(8));
  expect(states([[7, 3, 4, 5, 19, 19]]).slice(8)).not.toEqual(first.slice(8));
  disposeParams(params);
});

test("a text is pooled at its first end, or, where the end is 2, at its largest id", () => {
  const params = model.init(random(3));
  const legacy = clipTextModel({ ...small, eosTokenId: 2 });
  tf.tidy(() => {
    const given = ids([
      [18, 19, 4, 19, 1, 1],
      [3, 4, 5, 19, 6, 7],
    ]);
    const at = (name: "end" | "largest", row: number, place: number): void => {
      const { last, pooled } = (name === "end" ? model : legacy).apply(params, given);
      const state = tf.slice(last, [row, place, 0], [1, 1, 8]).dataSync();
      expect(tf.slice(pooled, [row, 0], [1, 8]).dataSync()).toEqual(state);
    };
    at("end", 0, 1);
    at("end", 1, 3);
    at("largest", 0, 1);
    at("largest", 1, 3);
  });
  disposeParams(params);
});

test("the gradient of the embeddings is that of one-hot rows", () => {
  const params = model.init(random(4));
  const table = params["tokens.table"]!;
  const given = ids([[18, 3, 3, 19]]);
  const loss = (weights: tf.Tensor): tf.Scalar =>
    tf.mean(tf.square(model.apply({ ...params, "tokens.table": weights }, given).pooled));
  const gradient = tf.grad(loss)(table).dataSync();
  const step = 1e-2;
  for (const [row, column] of [
    [3, 0],
    [18, 5],
    [7, 1],
  ] as const) {
    const moved = (by: number): number =>
      tf.tidy(() => {
        const values = table.dataSync<"float32">().slice();
        values[row * 8 + column]! += by;
        return loss(tf.tensor2d(values, [20, 8])).dataSync()[0]!;
      });
    expect(gradient[row * 8 + column]!).toBeCloseTo((moved(step) - moved(-step)) / (2 * step), 3);
  }
  expect(gradient[7 * 8 + 1]).toBe(0);
  disposeParams(params);
});

test("what does not fit is refused in words", () => {
  const params = model.init(random(5));
  const long = ids([[1, 2, 3, 4, 5, 6, 7]]);
  expect(() => model.apply(params, long)).toThrow(
    "[text/text-model] rows of 7 ids, and the model has 6 positions.",
  );
  expect(() => model.apply(params, ids([[1, 2]]), tf.ones([1, 3]))).toThrow("[text/text-model] mask");
  expect(() => clipTextModel({ hiddenSize: 10, numAttentionHeads: 3 })).toThrow(
    "10 numbers do not split into 3 heads",
  );
  expect(() => textModels.create({ name: "clip", hiddenAct: "relu" })).toThrow(/hiddenAct/);
  disposeParams(params);
});
