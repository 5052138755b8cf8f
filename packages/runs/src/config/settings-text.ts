import { fail } from "@ddpm/core";
import type { ErrorPlace } from "@ddpm/core/authoring";
import { getNodeValue, type Node, type ParseError, parseTree, printParseErrorCode } from "jsonc-parser";

/**
 * Decodes a text file of settings.
 *
 * @param file  its name in errors
 * @param where who asks, in errors: `package/file`
 * @throws DdpmError where it is not UTF-8
 */
export function decodeSettings(bytes: Uint8Array, file: string, where: ErrorPlace): string {
  const [first, second] = bytes;
  if ((first === 0xff && second === 0xfe) || (first === 0xfe && second === 0xff)) {
    fail(where, `${file} is UTF-16 text, expected UTF-8.`, "In PowerShell: Out-File -Encoding utf8.");
  }
  try {
    return new TextDecoder("utf-8", { fatal: true }).decode(bytes);
  } catch (cause) {
    return fail(where, `${file} is not UTF-8 text.`, "Save it as UTF-8.", { cause });
  }
}

/**
 * Parses an object of settings: JSON, in which comments and commas after the last entry are allowed.
 *
 * @param file  the name of the text in errors
 * @param where who asks, in errors: `package/file`
 * @throws DdpmError with line and column for text that is not JSON and for a duplicate name, and for anything but an object
 */
export function parseSettings(
  text: string,
  file: string,
  where: ErrorPlace,
): Readonly<Record<string, unknown>> {
  const plain = text.replace(/^\uFEFF/, "");
  if (plain.trim() === "") fail(where, `${file} is empty, expected settings in braces: { … }.`);
  const errors: ParseError[] = [];
  const tree = parseTree(plain, errors, { allowTrailingComma: true });
  const [first] = errors;
  if (first || !tree) {
    const place = positionOf(plain, first?.offset ?? 0);
    const what = first ? wordsOf(first) : "no value";
    fail(where, `${file} is not JSON: ${what} at ${place}.`);
  }
  if (tree.type !== "object") {
    fail(where, `${file} holds ${kindOf(tree)}, expected settings in braces: { … }.`);
  }
  checkNames(tree, plain, file, where);
  return getNodeValue(tree) as Record<string, unknown>;
}

function positionOf(text: string, offset: number): string {
  const before = text.slice(0, offset).split(/\r\n|\n|\r/);
  return `line ${before.length}, column ${before.at(-1)!.length + 1}`;
}

/** A parser's code, `CommaExpected` say, in words. */
function wordsOf({ error }: ParseError): string {
  const words = printParseErrorCode(error)
    .replace(/([a-z])([A-Z])/g, "$1 $2")
    .toLowerCase();
  const wanted = /^(.*) expected$/.exec(words)?.[1];
  return wanted ? `expected a ${wanted}` : words;
}

function kindOf({ type, value }: Node): string {
  if (type === "array") return "a list";
  if (type === "null") return "null";
  return `the ${type} ${JSON.stringify(value)}`;
}

/** @throws DdpmError for a name that one object has twice: which of them counts is not defined */
function checkNames(node: Node, text: string, file: string, where: ErrorPlace): void {
  const seen = new Set<unknown>();
  for (const inner of node.children ?? []) {
    const [name, value] = inner.type === "property" ? inner.children! : [undefined, inner];
    if (name && seen.has(name.value)) {
      fail(where, `${file}: "${name.value}" is there twice, again at ${positionOf(text, name.offset)}.`);
    }
    if (name) seen.add(name.value);
    if (value) checkNames(value, text, file, where);
  }
}
