import { fail } from "@ddpm/core";
import type { Tokenizer } from "@ddpm/core/authoring";

/** Texts as rows of ids, for a text encoder. */
export interface TokenRows {
  /** [B, L]: start, the text's ids, end, padding. */
  readonly ids: Int32Array;
  /** [B, L], 1 for start, text and end, 0 for padding. */
  readonly mask: Int32Array;
  readonly shape: readonly [batch: number, length: number];
  /** Ids that a text lost because its row was too short, text by text. */
  readonly cut: readonly number[];
}

/**
 * Each text between start and end, padded to one length; what does not fit is cut off before the end.
 *
 * Source: openai/CLIP `tokenize` with `truncate`; huggingface/transformers CLIPTokenizer with `padding="max_length"`.
 *
 * @param length ids of a row, at least 2; the tokenizer's own when left out
 */
export function tokenRows(
  tokenizer: Tokenizer,
  texts: readonly string[],
  length: number = tokenizer.length,
): TokenRows {
  if (!Number.isSafeInteger(length) || length < 2)
    fail("text/token-rows", `rows of ${length} ids.`, "Start and end take two: give a whole number from 2.");
  const { start, end, padding } = tokenizer;
  const ids = new Int32Array(texts.length * length).fill(padding);
  const mask = new Int32Array(texts.length * length);
  const cut = texts.map((text, row) => {
    const encoded = tokenizer.encode(text);
    const kept = encoded.slice(0, length - 2);
    ids.set([start, ...kept, end], row * length);
    mask.fill(1, row * length, row * length + kept.length + 2);
    return encoded.length - kept.length;
  });
  return { ids, mask, shape: [texts.length, length], cut };
}
