import { isDdpmError, type Random, random } from "@ddpm/core";
import { expect, test } from "vitest";
import { clipTokenizer, type Tokenizer, tokenRows, vocabularyOf, wordTokenizer } from "../src/index.ts";

/** By hand: FUZZ=100000 npx vitest run packages/text/test/hostile-text.test.ts */
const COUNT = Number(process.env.FUZZ ?? 400);

const TEXTS = [
  "a small red star above a large blue ring",
  "<|startoftext|> it's 3 o'clock &amp; <|endoftext|>!",
  "Ünïcödé ﬁne 👩‍👩‍👧 ١٢٣ 日本語\u0000\ud800",
];
/** What breaks readers of text: marks without letters, halves of pairs, blanks of all kinds, very long words. */
const ODD = [
  "\u0301",
  "\udc00",
  "\ud83d",
  "\u200b",
  "\ufeff",
  "\u0000",
  "\n\t\r",
  "'",
  "’",
  "x".repeat(500),
  "ﷺ",
];

function mutated(text: string, { integer }: Random): string {
  let units = text.split("");
  for (let changes = 1 + integer(6); changes > 0; changes--) {
    const [at, to] = [integer(units.length + 1), integer(units.length + 1)];
    const kind = integer(5);
    if (kind === 0) units.splice(at, integer(8));
    else if (kind === 1) units.splice(at, 0, ODD[integer(ODD.length)]!);
    else if (kind === 2) units.splice(at, 1, String.fromCharCode(integer(2 ** 16)));
    else if (kind === 3) units = [...units.slice(0, at), ...units.slice(Math.min(at, to))];
    else units.splice(at, 0, ...TEXTS[integer(TEXTS.length)]!.slice(0, to));
  }
  return units.join("");
}

const words = vocabularyOf(TEXTS);
const made: readonly (readonly [string, (text: string) => Tokenizer])[] = [
  ["words", () => wordTokenizer({ words })],
  ["words, unknown ones as a token", () => wordTokenizer({ words, unknown: "token" })],
  ["words of the text itself", (text) => wordTokenizer({ words: vocabularyOf([text]) })],
  ["clip", () => clipTokenizer()],
  ["clip of openai", () => clipTokenizer({ rules: "openai", padToken: "!" })],
];

test.each(made)("%s: any text is rows of known ids, or refused with a DdpmError", (name, tokenizerFor) => {
  const root = random(11).fork(name);
  let refused = 0;
  for (let number = 0; number < COUNT; number++) {
    const from = root.fork(number);
    const text = mutated(TEXTS[from.integer(TEXTS.length)]!, from);
    try {
      const tokenizer = tokenizerFor(text);
      const { ids, shape } = tokenRows(tokenizer, [text]);
      expect(shape).toEqual([1, tokenizer.length]);
      expect(ids.every((id) => id >= 0 && id < tokenizer.size)).toBe(true);
      expect(typeof tokenizer.decode(tokenizer.encode(text))).toBe("string");
    } catch (error) {
      if (!isDdpmError(error)) throw new Error(`input ${number}: ${JSON.stringify(text)}`, { cause: error });
      refused++;
    }
  }
  expect(refused < COUNT).toBe(true);
});
