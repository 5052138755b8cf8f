import { disposeParams, random } from "@ddpm/core";
import * as tf from "@tensorflow/tfjs";
import * as fc from "fast-check";
import { expect, test } from "vitest";
import { textTransformer, tokenizers, tokenRows, vocabularyOf, wordTokenizer } from "../src/index.ts";

const words = vocabularyOf(["a small red star", "a large red circle", "A small, red ring"]);
const tokenizer = wordTokenizer({ words, length: 8 });

test("a vocabulary has each word once, the most frequent first", () => {
  expect(words).toEqual(["a", "red", "small", ",", "circle", "large", "ring", "star"]);
  expect(vocabularyOf(["b a b", "c"], 2)).toEqual(["b", "a"]);
  expect(() => vocabularyOf(["a"], 0)).toThrow("0 words at most");
});

test("a text is the ids of its words, whatever the case and white space, and its words again", () => {
  expect(tokenizer.encode("  A  RED\nstar,")).toEqual(tokenizer.encode("a red star ,"));
  expect(tokenizer.decode(tokenizer.encode("a red star"))).toBe("a red star");
  const { ids, mask } = tokenRows(tokenizer, ["a red star", ""]);
  expect(tokenizer.decode(ids.subarray(0, 8))).toBe("<start> a red star <end> <padding> <padding> <padding>");
  expect([...mask.subarray(8)]).toEqual([1, 1, 0, 0, 0, 0, 0, 0]);
});

test("a word that is not in the vocabulary is refused with the nearest one, or is the unknown token", () => {
  expect(() => tokenizer.encode("a smal star")).toThrow(
    '"smal" is not in the vocabulary of 8. Did you mean "small"?',
  );
  expect(() => tokenizer.encode("constructor")).toThrow(/not in the vocabulary/);
  const lenient = wordTokenizer({ words, unknown: "token" });
  expect(lenient.decode(lenient.encode("a __proto__ star"))).toMatch(/^a (<unknown> )+star$/);
});

test("a vocabulary of anything but different lower-case words is refused", () => {
  for (const wrong of [[], ["a", "a"], ["Red"], ["red star"], [""]])
    expect(() => wordTokenizer({ words: wrong })).toThrow(/text\/tokenizer/);
  expect(tokenizers.names).toContain("words");
});

test("any text is read with unknown words, and comes back as its own words", () => {
  fc.assert(
    fc.property(fc.string({ unit: "binary" }), (text) => {
      const own = vocabularyOf([text, "x"]);
      const made = wordTokenizer({ words: own });
      expect(vocabularyOf([made.decode(made.encode(text)), "x"]).sort()).toEqual([...own].sort());
    }),
  );
});

test("every token of the transformer sees all others, and none sees padding", () => {
  const model = textTransformer({ vocabulary: tokenizer.size, length: 8, width: 8, heads: 2 });
  const params = model.init(random(4));
  const states = (row: number[], mask: number[]): Float32Array =>
    tf.tidy(() => {
      const ids = tf.tensor2d([row], undefined, "int32");
      return model
        .apply(params, ids, tf.tensor2d([mask]))
        .last.dataSync<"float32">()
        .slice();
    });
  const seen = [1, 1, 1, 1];
  const first = states([1, 4, 5, 2], seen);
  const changed = states([1, 4, 6, 2], seen);
  expect(changed.slice(0, 8)).not.toEqual(first.slice(0, 8));
  const hidden = states([1, 4, 5, 0], [1, 1, 1, 0]);
  expect(states([1, 4, 5, 7], [1, 1, 1, 0]).slice(0, 24)).toEqual(hidden.slice(0, 24));
  const before = tf.memory().numTensors;
  const { pooled, last } = tf.tidy(() => {
    const made = model.apply(
      params,
      tf.tensor2d([[1, 4, 2, 0]], undefined, "int32"),
      tf.tensor2d([[1, 1, 1, 0]]),
    );
    return { pooled: made.pooled, last: tf.mean(tf.slice(made.last, [0, 0, 0], [1, 3, 8]), 1) };
  });
  const gap = tf.tidy(() => tf.max(tf.abs(tf.sub(pooled, last))).dataSync()[0]!);
  expect(gap).toBeLessThan(1e-6);
  tf.dispose([pooled, last]);
  expect(tf.memory().numTensors).toBe(before);
  expect(() => textTransformer({ vocabulary: 8, width: 10, heads: 4 })).toThrow("do not split");
  disposeParams(params);
});
