import { fail } from "@ddpm/core";

/** Letters, digits and apostrophes in runs, and every other mark alone; no white space. */
const WORDS = /[\p{L}\p{N}'’]+|[^\s\p{L}\p{N}'’]/gu;

/** The words of a text, lower case, in composed Unicode (NFC). */
export function wordsOf(text: string): readonly string[] {
  return text.normalize("NFC").toLowerCase().match(WORDS) ?? [];
}

/**
 * The words of some texts, the most frequent first, as the vocabulary of `wordTokenizer`.
 *
 * @param most words at most, from 1; all when left out
 */
export function vocabularyOf(texts: Iterable<string>, most: number = Number.POSITIVE_INFINITY): string[] {
  if (!(most >= 1)) fail("text/vocabulary", `${most} words at most, expected a number from 1.`);
  const counts = new Map<string, number>();
  for (const text of texts) for (const word of wordsOf(text)) counts.set(word, (counts.get(word) ?? 0) + 1);
  const byCount = [...counts].sort(([a, n], [b, m]) => m - n || (a < b ? -1 : 1));
  return byCount.slice(0, most).map(([word]) => word);
}
