import { symbolOfByte } from "./byte-symbols.ts";
import { type Vocabulary, WORD_END } from "./vocabulary.ts";

/**
 * The ids of one word: its bytes, merged pair by pair, the most frequent pair of the vocabulary first.
 *
 * Source: Sennrich et al. 2016, algorithm 1; openai/CLIP simple_tokenizer.py `bpe`.
 */
export function bytePairIds(word: string, { ids, ranks }: Vocabulary): number[] {
  let parts = Array.from(new TextEncoder().encode(word), (byte) => symbolOfByte[byte]!);
  parts.push(parts.pop()! + WORD_END);
  while (parts.length > 1) {
    const best = lowestPair(parts, ranks);
    if (best === undefined) break;
    parts = merged(parts, best.left, best.right);
  }
  return parts.map((part) => ids.get(part)!);
}

interface Pair {
  readonly left: string;
  readonly right: string;
}

function lowestPair(parts: readonly string[], ranks: Vocabulary["ranks"]): Pair | undefined {
  let lowest = Number.POSITIVE_INFINITY;
  let pair: Pair | undefined;
  for (let i = 1; i < parts.length; i++) {
    const [left, right] = [parts[i - 1]!, parts[i]!];
    const rank = ranks.get(`${left} ${right}`);
    if (rank === undefined || rank >= lowest) continue;
    lowest = rank;
    pair = { left, right };
  }
  return pair;
}

/** Every place of the pair, from the left. */
function merged(parts: readonly string[], left: string, right: string): string[] {
  const joined: string[] = [];
  for (let i = 0; i < parts.length; i++) {
    const pair = parts[i] === left && parts[i + 1] === right;
    joined.push(pair ? left + right : parts[i]!);
    if (pair) i++;
  }
  return joined;
}
