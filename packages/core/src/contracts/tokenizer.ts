/** Text as ids of a vocabulary, and back. */
export interface Tokenizer {
  readonly name: string;
  /** Tokens of the vocabulary: ids are 0 … size − 1. */
  readonly size: number;
  /** The id before a text. */
  readonly start: number;
  /** The id after a text. */
  readonly end: number;
  /** The id that fills a row behind the end. */
  readonly padding: number;
  /** Ids in a row as published, start and end included. */
  readonly length: number;
  /** The ids of a text, without start and end. */
  encode(text: string): number[];
  /** The text of some ids as the vocabulary writes it, start, end and padding included where they are given. */
  decode(ids: ArrayLike<number>): string;
}
