import { inflate } from "pako";
import { BYTE_ORDER, symbolOfByte } from "./byte-symbols.ts";
import { MERGES } from "./merges.ts";

/** Marks a token that ends a word. */
export const WORD_END = "</w>";

/** CLIP's vocabulary. */
export interface Vocabulary {
  /** The tokens, by id: bytes, bytes at the end of a word, merges in order; start and end come after them. */
  readonly tokens: readonly string[];
  readonly ids: ReadonlyMap<string, number>;
  /** Rank of the merge of two tokens, written `left right`; the lowest is merged first. */
  readonly ranks: ReadonlyMap<string, number>;
}

let known: Vocabulary | undefined;

/** Unpacked at the first call, and kept. */
export function clipVocabulary(): Vocabulary {
  known ??= unpacked();
  return known;
}

function unpacked(): Vocabulary {
  const packed = Uint8Array.from(atob(MERGES), (character) => character.charCodeAt(0));
  const merges = new TextDecoder().decode(inflate(packed)).split("\n");
  const bytes = BYTE_ORDER.map((byte) => symbolOfByte[byte]!);
  const ends = bytes.map((symbol) => symbol + WORD_END);
  const tokens = [...bytes, ...ends, ...merges.map((merge) => merge.replace(" ", ""))];
  return {
    tokens,
    ids: new Map(tokens.map((token, id) => [token, id])),
    ranks: new Map(merges.map((merge, rank) => [merge, rank])),
  };
}
