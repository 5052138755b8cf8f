import { quoted } from "./quoted.ts";

/** Containers inside containers in a header: the object, a tensor's object, its shape. */
const DEPTH = 3;

/** Names in one object: a hundred times more than any model has, and little enough to check at once. */
const NAMES = 1_000_000;

const QUOTE = 0x22;
const BACKSLASH = 0x5c;

/**
 * What is wrong with a header's text that `JSON.parse` would not tell: a name given twice (the last would win),
 * deeper nesting than any header has, a number that is not a plain whole one.
 *
 * @returns what was found and what was expected, or undefined
 */
export function faultInHeaderText(text: string): string | undefined {
  const keys: Set<string>[] = [];
  let depth = 0;
  for (let i = 0; i < text.length; i++) {
    const c = text.charCodeAt(i);
    if (c === QUOTE) {
      const end = endOfString(text, i);
      if (isKey(text, end) && depth > 0) {
        const key = unescaped(text.slice(i, end));
        if (keys[depth - 1]!.has(key)) return `the name ${quoted(key)} is there twice, expected once`;
        if (keys[depth - 1]!.size === NAMES) return `more than ${NAMES} names in one object`;
        keys[depth - 1]!.add(key);
      }
      i = end - 1;
    } else if (c === 0x7b || c === 0x5b) {
      if (++depth > DEPTH) return `nested more than ${DEPTH} deep at character ${i}`;
      keys[depth - 1] = new Set();
    } else if (c === 0x7d || c === 0x5d) {
      depth = Math.max(0, depth - 1);
    } else if (isNumeric(c)) {
      let end = i + 1;
      while (end < text.length && isNumeric(text.charCodeAt(end))) end++;
      const number = text.slice(i, end);
      if (!/^(0|[1-9]\d*)$/.test(number) && !/^e+$/i.test(number)) {
        return `the number ${quoted(number)} at character ${i}, expected a whole number from 0 up`;
      }
      i = end - 1;
    }
  }
  return undefined;
}

/** One past the closing quote of the string that opens at `start`. */
function endOfString(text: string, start: number): number {
  for (let i = start + 1; i < text.length; i++) {
    const c = text.charCodeAt(i);
    if (c === BACKSLASH) i++;
    else if (c === QUOTE) return i + 1;
  }
  return text.length;
}

function isKey(text: string, end: number): boolean {
  let i = end;
  while (i < text.length && " \t\n\r".includes(text[i]!)) i++;
  return text[i] === ":";
}

function unescaped(literal: string): string {
  if (!literal.includes("\\")) return literal.slice(1, -1);
  try {
    return JSON.parse(literal) as string;
  } catch {
    return literal;
  }
}

/** Digits and the other characters that numbers are made of: + - . e E. */
function isNumeric(c: number): boolean {
  return (c >= 0x30 && c <= 0x39) || c === 0x2b || c === 0x2d || c === 0x2e || c === 0x45 || c === 0x65;
}
