import { textModelSuite, tokenizerSuite } from "@ddpm/testing/authoring";
import * as tf from "@tensorflow/tfjs";
import { beforeAll, describe, expect, test } from "vitest";
import {
  clipTextModel,
  clipTokenizer,
  textModels,
  textTransformer,
  tokenizers,
  wordTokenizer,
} from "../src/index.ts";

// Files of tests may share a process, and its backend.
beforeAll(() => tf.setBackend("cpu"));

const texts = ["a small red star", "Red, RED\nstar", "a"];
const made = [
  [wordTokenizer({ words: ["a", "small", "red", "star", ","] }), texts],
  [wordTokenizer({ words: ["a", "red"], unknown: "token" }), ["a red", "a"]],
  [clipTokenizer(), texts],
  [clipTokenizer({ rules: "openai", padToken: "!" }), texts],
] as const;
const small = { hiddenSize: 8, intermediateSize: 16, numHiddenLayers: 2, numAttentionHeads: 2 };
const models = [
  () => textTransformer({ vocabulary: 4, length: 6, width: 8, heads: 2 }),
  () => clipTextModel({ ...small, vocabSize: 4, maxPositionEmbeddings: 6, eosTokenId: 3 }),
  () => clipTextModel({ ...small, vocabSize: 4, maxPositionEmbeddings: 6, eosTokenId: 3, projectionDim: 5 }),
];

test("every built-in tokenizer and text model is among those of the suites", () => {
  expect(new Set(made.map(([{ name }]) => name))).toEqual(new Set(tokenizers.names));
  expect(models.length).toBeGreaterThanOrEqual(textModels.names.length);
});

describe.each(made)("tokenizer $name", (tokenizer, own) => {
  for (const { name, run } of tokenizerSuite(tokenizer, own)) test(name, run);
});

describe.each(models.map((make, i) => [`${make().name} ${i}`, make] as const))("text model %s", (_, make) => {
  for (const { name, run } of textModelSuite(make)) test(name, run);
});
