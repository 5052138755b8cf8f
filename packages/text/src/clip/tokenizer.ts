import { fail, option, type Plugin } from "@ddpm/core";
import type { Tokenizer } from "@ddpm/core/authoring";
import { plugin } from "../plugin.ts";
import { bytePairIds } from "./byte-pairs.ts";
import { byteOfSymbol } from "./byte-symbols.ts";
import { openaiText, transformersText } from "./clean-text.ts";
import { clipVocabulary, type Vocabulary, WORD_END } from "./vocabulary.ts";

/** Options of {@link clipTokenizer}; meanings, ranges and defaults are in its schema. */
export interface ClipTokenizerOptions {
  rules?: "transformers" | "openai" | undefined;
  padToken?: "<|endoftext|>" | "!" | undefined;
  modelMaxLength?: number | undefined;
}

const [START, END] = [49406, 49407];

/** Contractions, letters, single digits, and everything else in runs; no white space. */
const WORDS = /'s|'t|'re|'ve|'m|'ll|'d|\p{L}+|\p{N}|[^ \p{L}\p{N}]+/gu;

/** How a text is cleaned, and which of its parts are tokens as they are. */
const rules = {
  transformers: {
    clean: transformersText,
    // They are found in the text before it is cleaned.
    cleanFirst: false,
    special: { "<|startoftext|>": START, "<|endoftext|>": END },
  },
  openai: {
    clean: openaiText,
    cleanFirst: true,
    special: { "<start_of_text>": START, "<end_of_text>": END },
  },
} as const;

/** CLIP's byte pairs, with which the text encoders of Stable Diffusion were trained. */
export const clipTokenizer: Plugin<ClipTokenizerOptions, Tokenizer> = plugin({
  name: "clip",
  about: "Byte pairs of CLIP: 49,408 tokens, lower case, rows of 77.",
  source: "Radford et al. 2021; openai/CLIP simple_tokenizer.py; huggingface/transformers CLIPTokenizer",
  options: {
    rules: option
      .choice(["transformers", "openai"])
      .default("transformers")
      .describe(
        "how text is cleaned: as pipelines of diffusers do, or as openai/CLIP does, which straightens quotes and decodes HTML entities",
      ),
    padToken: option
      .choice(["<|endoftext|>", "!"])
      .default("<|endoftext|>")
      .describe(
        'what fills rows: "<|endoftext|>" of Stable Diffusion 1, or "!" (id 0) of Stable Diffusion 2 and of openai/CLIP',
      ),
    modelMaxLength: option.number().int().min(2).default(77).describe("ids in a row, start and end included"),
  },
  create({ rules: chosen, padToken, modelMaxLength }): Tokenizer {
    const { clean, cleanFirst, special } = rules[chosen];
    const vocabulary = clipVocabulary();
    // transformers takes the padding token out of a text first: every "!" of a prompt is padding then.
    const padding = padToken === "!" && chosen === "transformers" ? { "!": 0 } : {};
    const marks = new Map(Object.entries({ ...special, ...padding }));
    const wordsOf = (text: string): number[] =>
      Array.from(text.matchAll(WORDS), ([word]) => bytePairIds(word, vocabulary)).flat();
    return {
      name: "clip",
      size: END + 1,
      start: START,
      end: END,
      padding: padToken === "!" ? 0 : END,
      length: modelMaxLength,
      encode: (text) =>
        splitAt(cleanFirst ? clean(text) : text, marks).flatMap((part) =>
          typeof part === "number" ? [part] : wordsOf(cleanFirst ? part : clean(part)),
        ),
      decode: (ids) => decoded(ids, vocabulary),
    };
  },
});

/** The text around some words, and the ids in their places. */
function splitAt(text: string, marks: ReadonlyMap<string, number>): (string | number)[] {
  const words = Array.from(marks.keys(), (word) => word.replaceAll("|", "\\|"));
  return text.split(new RegExp(`(${words.join("|")})`)).map((part) => marks.get(part) ?? part);
}

function decoded(ids: ArrayLike<number>, { tokens }: Vocabulary): string {
  const bytes: number[] = [];
  for (const id of Array.from(ids)) {
    const token = id === START ? "<|startoftext|>" : id === END ? "<|endoftext|>" : tokens[id];
    if (token === undefined)
      fail("text/tokenizer", `id ${id}.`, `The vocabulary has whole numbers from 0 to ${END}.`);
    const ends = token.endsWith(WORD_END);
    const symbols = ends ? token.slice(0, -WORD_END.length) : token;
    for (const symbol of symbols) bytes.push(byteOfSymbol.get(symbol)!);
    if (ends) bytes.push(0x20);
  }
  return new TextDecoder().decode(Uint8Array.from(bytes));
}
