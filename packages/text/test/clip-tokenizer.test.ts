import { isDdpmError } from "@ddpm/core";
import * as fc from "fast-check";
import { expect, test } from "vitest";
import { clipTokenizer, tokenizers, tokenRows } from "../src/index.ts";

const tokenizer = clipTokenizer();

test("the vocabulary has 49,408 tokens, and ids of the last merge and the ends are where CLIP has them", () => {
  expect(tokenizer.size).toBe(49408);
  expect(tokenizer.encode("jekyll")).toEqual([49405]);
  expect(tokenizer.decode([49406, 49405, 49407])).toBe("<|startoftext|>jekyll <|endoftext|>");
});

test("an id that the vocabulary lacks is refused", () => {
  expect(() => tokenizer.decode([49408])).toThrow("[text/tokenizer] id 49408. The vocabulary has whole");
  expect(() => tokenizer.decode([-1])).toThrow("id -1");
});

test("any text gives ids of the vocabulary, and comes back but for case and white space", () => {
  const bare = (text: string): string => text.replace(/\p{White_Space}/gu, "");
  fc.assert(
    fc.property(fc.string({ unit: "binary", maxLength: 40 }), (text) => {
      fc.pre(!text.includes("<|"));
      const ids = tokenizer.encode(text);
      expect(ids.every((id) => Number.isInteger(id) && id >= 0 && id < 49406)).toBe(true);
      const lower = Array.from(text.normalize("NFC"), (letter) => letter.toLowerCase()).join("");
      expect(bare(tokenizer.decode(ids))).toBe(
        bare(new TextDecoder("utf-8", { ignoreBOM: true }).decode(new TextEncoder().encode(lower))),
      );
    }),
    { numRuns: 500, seed: 1 },
  );
});

test("words are encoded one by one: the ids of a sentence are those of its words", () => {
  fc.assert(
    fc.property(fc.array(fc.stringMatching(/^[a-z]{1,9}$/), { minLength: 1, maxLength: 6 }), (words) => {
      expect(tokenizer.encode(words.join(" "))).toEqual(words.flatMap((word) => tokenizer.encode(word)));
    }),
    { numRuns: 200, seed: 2 },
  );
});

test("rules and padding token are those of three published pipelines", () => {
  expect(clipTokenizer({ padToken: "!" }).encode("hello, world!")).toEqual([3306, 267, 1002, 0]);
  expect(clipTokenizer({ rules: "openai", padToken: "!" }).encode("hello, world!")).toEqual([
    3306, 267, 1002, 256,
  ]);
  expect(clipTokenizer({ rules: "openai" }).encode("“it’s” &amp;")).toEqual(
    clipTokenizer({ rules: "openai" }).encode('"it\'s" &'),
  );
  expect(clipTokenizer({ rules: "openai" }).encode("\u001b[31mred\u001b[0m\u0007")).toEqual(
    tokenizer.encode("red"),
  );
});

test("rows have start and end, padding behind, a mask, and how many ids were cut", () => {
  const rows = tokenRows(tokenizer, ["a cat", "", "one two three four five"], 5);
  expect(rows.shape).toEqual([3, 5]);
  const [one, two, three] = tokenizer.encode("one two three");
  expect([...rows.ids]).toEqual([
    ...[49406, 320, 2368, 49407, 49407],
    ...[49406, 49407, 49407, 49407, 49407],
    ...[49406, one, two, three, 49407],
  ]);
  expect([...rows.mask]).toEqual([1, 1, 1, 1, 0, 1, 1, 0, 0, 0, 1, 1, 1, 1, 1]);
  expect(rows.cut).toEqual([0, 0, 2]);
  expect(() => tokenRows(tokenizer, ["a"], 1)).toThrow("[text/token-rows] rows of 1 ids.");
});

test("the registry makes it by name, and names the nearest for another", () => {
  expect(tokenizers.create("clip").size).toBe(49408);
  let error: unknown;
  try {
    tokenizers.create("clipp");
  } catch (caught) {
    error = caught;
  }
  expect(isDdpmError(error) && error.message).toContain('"clip"');
});
