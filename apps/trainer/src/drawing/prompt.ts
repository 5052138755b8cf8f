import { fail } from "@ddpm/core";
import type { ErrorPlace } from "@ddpm/core/authoring";
import { type Tokenizer, tokenRows } from "@ddpm/text";

/** Flags of texts. */
export interface PromptFlags {
  readonly prompt?: string;
  readonly negative?: string;
  readonly guidance: number;
  readonly rescale?: number;
}

/** Rows of ids, which samples cycle through: of what to draw, and of what guidance leads away from. */
export interface Prompt {
  /** [N, L] row by row. */
  readonly tokens: Int32Array;
  /** [L] */
  readonly negative?: Int32Array;
  /** L. */
  readonly length: number;
}

/**
 * Rows of texts that samples cycle through.
 *
 * @throws DdpmError for a word that the tokenizer refuses, and for a text that does not fit a row
 */
export function promptsOf(where: ErrorPlace, texts: readonly string[], tokenizer: Tokenizer): Prompt {
  const { ids, cut } = tokenRows(tokenizer, texts);
  const long = cut.findIndex((lost) => lost > 0);
  if (long !== -1)
    fail(
      where,
      `${JSON.stringify(texts[long])} is ${cut[long]} ids too long for a row of ${tokenizer.length}.`,
    );
  return { tokens: ids, length: tokenizer.length };
}

/**
 * The ids of a prompt.
 *
 * @param verb what to name in the error
 * @throws DdpmError for a network that reads no captions, a text that does not fit a row, and flags that need others
 */
export function promptOf(
  verb: string,
  { prompt, negative, guidance, rescale = 0 }: PromptFlags,
  tokenizer: Tokenizer | undefined,
): Prompt | undefined {
  const where: ErrorPlace = `cli/${verb}`;
  if (negative !== undefined && (prompt === undefined || guidance === 1))
    fail(where, "--negative is what guidance leads away from: give --prompt and --guidance, too.");
  if (!(rescale >= 0 && rescale <= 1)) fail(where, "--rescale expects a number from 0 to 1.");
  if (rescale > 0 && guidance === 1)
    fail(where, "--rescale corrects the contrast of guidance: give --guidance, too.");
  if (prompt === undefined) return undefined;
  if (!tokenizer) return fail(where, "--prompt was given, but the network reads no captions.");
  const { tokens, length } = promptsOf(where, [prompt], tokenizer);
  const away = negative === undefined ? undefined : promptsOf(where, [negative], tokenizer);
  return { tokens, length, ...(away ? { negative: away.tokens } : {}) };
}

/** What a drawing notes of its texts: nothing without a prompt. */
export function textFacts({ prompt, negative = "", rescale = 0 }: PromptFlags): {
  prompt?: string;
  negative?: string;
  rescale?: number;
} {
  return prompt === undefined ? {} : { prompt, negative, rescale };
}
