import { fail } from "@ddpm/core";
import { type Tokenizer, tokenRows } from "@ddpm/text";

/** Flags of texts. */
export interface PromptFlags {
  readonly prompt?: string;
  readonly negative?: string;
  readonly guidance: number;
  readonly rescale: number;
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
 * The ids of a prompt.
 *
 * @throws DdpmError for a network that reads no captions, a text that does not fit a row, and flags that need others
 */
export function promptOf(
  { prompt, negative, guidance, rescale }: PromptFlags,
  tokenizer: Tokenizer | undefined,
): Prompt | undefined {
  if (negative !== undefined && (prompt === undefined || guidance === 1))
    fail("cli/sample", "--negative is what guidance leads away from: give --prompt and --guidance, too.");
  if (!(rescale >= 0 && rescale <= 1)) fail("cli/sample", "--rescale expects a number from 0 to 1.");
  if (rescale > 0 && guidance === 1)
    fail("cli/sample", "--rescale corrects the contrast of guidance: give --guidance, too.");
  if (prompt === undefined) return undefined;
  if (!tokenizer) return fail("cli/sample", "--prompt was given, but the network reads no captions.");
  const rowOf = (text: string): Int32Array => {
    const { ids, cut } = tokenRows(tokenizer, [text]);
    if (cut[0]! > 0)
      fail(
        "cli/sample",
        `${JSON.stringify(text)} is ${cut[0]} ids too long for a row of ${tokenizer.length}.`,
      );
    return ids;
  };
  const { length } = tokenizer;
  return { tokens: rowOf(prompt), length, ...(negative === undefined ? {} : { negative: rowOf(negative) }) };
}

/** What a drawing notes of its texts: nothing without a prompt. */
export function textFacts({ prompt, negative = "", rescale }: PromptFlags): {
  prompt?: string;
  negative?: string;
  rescale?: number;
} {
  return prompt === undefined ? {} : { prompt, negative, rescale };
}
