import { fail, type Random } from "@ddpm/core";
import type { TextModel, Tokenizer } from "@ddpm/core/authoring";
import * as tf from "@tensorflow/tfjs";
import { describe, expect, test } from "vitest";
import { type Check, textModelSuite, tokenizerSuite } from "../src/authoring.ts";

/** Letters as ids. */
const letters: Tokenizer = {
  ...{ name: "letters", size: 29, start: 26, end: 27, padding: 28, length: 8 },
  encode: (text) => Array.from(text, (letter) => letter.charCodeAt(0) - 97),
  decode: (ids) =>
    Array.from(ids, (id) =>
      Number.isInteger(id) && id >= 0 && id < 29
        ? String.fromCharCode(97 + id)
        : fail("test/letters", `${id}.`),
    ).join(""),
};

const failing = async (checks: readonly Check[]): Promise<string[]> => {
  const names: string[] = [];
  for (const { name, run } of checks) {
    try {
      await run();
    } catch {
      names.push(name);
    }
  }
  return names;
};

describe("tokenizerSuite", () => {
  test.each<[string, Partial<Tokenizer>, RegExp | undefined]>([
    ["keeps its promises", {}, undefined],
    ["has start as its end", { end: 26 }, /^start, end/],
    [
      "has ids beyond its vocabulary",
      { size: 28, padding: 0, encode: (text) => [...text].map(() => 28) },
      /^texts are/,
    ],
    ["has ids for the empty text", { encode: (text) => [1, ...letters.encode(text)] }, /^the empty text/],
    ["decodes to another text", { decode: () => "b" }, /^ids are decoded/],
    [
      "decodes any number",
      { decode: (ids) => letters.decode(Array.from(ids, (id) => (Math.abs(id) % 26) | 0)) },
      /^ids outside/,
    ],
  ])("of one that %s", async (_, broken, expected) => {
    const found = await failing(tokenizerSuite({ ...letters, ...broken }, ["ab", "a"]));
    if (expected) expect(found.some((name) => expected.test(name))).toBe(true);
    else expect(found).toEqual([]);
  });
});

/** The embeddings of the ids, and their mean over what is seen. */
function embeddings(part: Partial<TextModel> = {}): TextModel {
  const shape = [4, 3];
  return {
    ...{ name: "embeddings", vocabulary: 4, length: 6, width: 3, pooledWidth: 3 },
    specs: [{ name: "table", shape, trainable: true }],
    init: (random: Random) => ({ table: tf.tensor(random.fork("table").normals(12), shape) }),
    apply({ table }, ids, mask = tf.onesLike(ids)) {
      if (ids.shape[1] > 6) fail("test/embeddings", `${ids.shape[1]} ids.`);
      const last = tf.reshape(
        tf.matMul(
          tf.cast(tf.oneHot(tf.reshape(ids, [-1]), 4), "float32") as tf.Tensor2D,
          table as tf.Tensor2D,
        ),
        [...ids.shape, 3],
      ) as tf.Tensor3D;
      const seen = tf.expandDims(tf.cast(mask, "float32"), 2);
      return {
        hidden: [last],
        last,
        pooled: tf.div(tf.sum(tf.mul(last, seen), 1), tf.sum(seen, 1)) as tf.Tensor2D,
      };
    },
    normed: (_params, state) => state,
    ...part,
  };
}

describe("textModelSuite", () => {
  const { apply } = embeddings();
  test.each<[string, Partial<TextModel>, RegExp | undefined]>([
    ["keeps its promises", {}, undefined],
    ["pools padding, too", { apply: (params, ids) => apply(params, ids) }, /^what is padding/],
    ["states another width", { pooledWidth: 5 }, /^states and the pooled/],
    ["has another norm", { normed: (_params, state) => tf.mul(state, 2) }, /^the last state/],
    [
      "lets texts see each other",
      {
        apply(params, ids, mask) {
          const { last, ...rest } = apply(params, ids, mask);
          const mixed = tf.add(last, tf.mean(last, 0, true)) as tf.Tensor3D;
          return { ...rest, hidden: [mixed], last: mixed };
        },
      },
      /^texts of a batch/,
    ],
    ["reads rows of any length", { length: 5 }, /^rows that are too long/],
  ])("of one that %s", async (_, broken, expected) => {
    await tf.setBackend("cpu");
    const found = await failing(textModelSuite(() => embeddings(broken)));
    if (expected) expect(found.some((name) => expected.test(name))).toBe(true);
    else expect(found).toEqual([]);
  });
});
