import { fail, option, type Plugin } from "@ddpm/core";
import type { Tokenizer } from "@ddpm/core/authoring";
import { nearest } from "@ddpm/core/authoring";
import { plugin } from "../plugin.ts";
import { wordsOf } from "./vocabulary.ts";

/** Options of {@link wordTokenizer}; meanings, ranges and defaults are in its schema. */
export interface WordTokenizerOptions {
  words: readonly string[];
  length?: number | undefined;
  unknown?: "refuse" | "token" | undefined;
}

/** Ids before those of the words, in this order. */
const MARKS = ["<padding>", "<start>", "<end>", "<unknown>"] as const;

/** Whole words of a small vocabulary, for text models that are trained with their denoiser. */
export const wordTokenizer: Plugin<WordTokenizerOptions, Tokenizer> = plugin({
  name: "words",
  about: "Whole words of a small vocabulary, lower case.",
  source: "made here",
  options: {
    words: option
      .list(option.custom<string>("a word", (value) => typeof value === "string"))
      .describe("the vocabulary, see `vocabularyOf`"),
    length: option.number().int().min(2).default(32).describe("ids in a row, start and end included"),
    unknown: option
      .choice(["refuse", "token"])
      .default("refuse")
      .describe("what a word that is not in the vocabulary is: an error, or the id of unknown words"),
  },
  create({ words, length, unknown }): Tokenizer {
    const ids = new Map(words.map((word, index) => [checkedWord(word), MARKS.length + index]));
    if (ids.size !== words.length || words.length === 0)
      fail(
        "text/tokenizer",
        `${words.length} words, ${ids.size} of them different, expected each once, and one at least.`,
      );
    const idOf = (word: string): number =>
      ids.get(word) ?? (unknown === "token" ? MARKS.indexOf("<unknown>") : refuse(word, words));
    const all = [...MARKS, ...words];
    return {
      name: "words",
      size: all.length,
      start: MARKS.indexOf("<start>"),
      end: MARKS.indexOf("<end>"),
      padding: MARKS.indexOf("<padding>"),
      length,
      encode: (text) => wordsOf(text).map(idOf),
      decode: (row) =>
        Array.from(
          row,
          (id) => all[id] ?? fail("text/tokenizer", `id ${id}, expected 0 to ${all.length - 1}.`),
        ).join(" "),
    };
  },
});

function checkedWord(word: string): string {
  const read = wordsOf(word);
  if (read.length === 1 && read[0] === word) return word;
  return fail(
    "text/tokenizer",
    `${JSON.stringify(word)} in the vocabulary, expected one lower-case word.`,
    "Take the vocabulary from `vocabularyOf`.",
  );
}

function refuse(word: string, words: readonly string[]): never {
  return fail(
    "text/tokenizer",
    `the word ${JSON.stringify(word)} is not in the vocabulary of ${words.length}.`,
    nearest(word, words) ?? "Use its words, or take unknown words as a token.",
  );
}
