/** Bytes that stand for themselves: the printable ones of Latin-1. */
const PRINTABLE: readonly (readonly [first: number, last: number])[] = [
  [0x21, 0x7e],
  [0xa1, 0xac],
  [0xae, 0xff],
];

/** All bytes, the printable ones first: the order of the first 256 ids. */
export const BYTE_ORDER: readonly number[] = (() => {
  const printable = PRINTABLE.flatMap(([first, last]) =>
    Array.from({ length: last - first + 1 }, (_, i) => first + i),
  );
  const others = Array.from({ length: 256 }, (_, byte) => byte).filter((byte) => !printable.includes(byte));
  return [...printable, ...others];
})();

/**
 * A visible character for every byte, so that merges can be written as text: printable bytes as they are, the others from
 * U+0100 on. Source: openai/gpt-2 encoder.py `bytes_to_unicode`.
 */
export const symbolOfByte: readonly string[] = (() => {
  const symbols: string[] = [];
  let next = 256;
  for (const byte of BYTE_ORDER) {
    const printable = PRINTABLE.some(([first, last]) => byte >= first && byte <= last);
    symbols[byte] = String.fromCharCode(printable ? byte : next++);
  }
  return symbols;
})();

/** The byte of each symbol. */
export const byteOfSymbol: ReadonlyMap<string, number> = new Map(
  symbolOfByte.map((symbol, byte) => [symbol, byte]),
);
