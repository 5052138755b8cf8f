import { readFile } from "node:fs/promises";
import { fail } from "@ddpm/core";
import { fileRefusal } from "@ddpm/core/authoring";
import { getNodeValue, type Node, type ParseError, parseTree, printParseErrorCode } from "jsonc-parser";

/**
 * Reads a file of settings: JSON in UTF-8, with or without a byte-order mark; comments and commas after the last entry are
 * allowed, as in other configuration files.
 *
 * @param where who asks, for errors
 * @throws DdpmError for a file that cannot be read, and as {@link parseSettings} does
 */
export async function readSettings(path: string, where: string): Promise<Readonly<Record<string, unknown>>> {
  return parseSettings(await readUtf8(path, where), path, where);
}

/**
 * Reads a text file.
 *
 * @throws DdpmError where it is missing, a folder, or not UTF-8
 */
export async function readUtf8(path: string, where: string): Promise<string> {
  const refuse = (cause: Error): never => {
    const { what, hint } = fileRefusal(cause) ?? {
      what: `cannot be read: ${cause.message}`,
      hint: undefined,
    };
    return fail(where, `${path} ${what}.`, hint, { cause });
  };
  const bytes = await readFile(path).catch(refuse);
  const start = bytes.subarray(0, 2).toString("hex");
  if (start === "fffe" || start === "feff") {
    fail(where, `${path} is UTF-16 text, expected UTF-8.`, "In PowerShell: Out-File -Encoding utf8.");
  }
  try {
    return new TextDecoder("utf-8", { fatal: true }).decode(bytes);
  } catch (cause) {
    return fail(where, `${path} is not UTF-8 text.`, "Save it as UTF-8.", { cause });
  }
}

/**
 * Parses an object of settings.
 *
 * @param file what errors call the text
 * @throws DdpmError with line and column for what is no JSON and for a name that is there twice, and for anything but an
 *   object
 */
export function parseSettings(text: string, file: string, where: string): Readonly<Record<string, unknown>> {
  const plain = text.replace(/^\uFEFF/, "");
  if (plain.trim() === "") fail(where, `${file} is empty, expected settings in braces: { … }.`);
  const errors: ParseError[] = [];
  const tree = parseTree(plain, errors, { allowTrailingComma: true });
  const [first] = errors;
  if (first || !tree) {
    const place = placeOf(plain, first?.offset ?? 0);
    const what = first ? wordsOf(first) : "no value";
    fail(where, `${file} is not JSON: ${what} at ${place}.`);
  }
  if (tree.type !== "object") {
    fail(where, `${file} holds ${kindOf(tree)}, expected settings in braces: { … }.`);
  }
  checkNames(tree, plain, file, where);
  return getNodeValue(tree) as Record<string, unknown>;
}

function placeOf(text: string, offset: number): string {
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

/** @throws DdpmError for a name that one object has twice: which of them holds nobody can say */
function checkNames(node: Node, text: string, file: string, where: string): void {
  const seen = new Set<unknown>();
  for (const inner of node.children ?? []) {
    const [name, value] = inner.type === "property" ? inner.children! : [undefined, inner];
    if (name && seen.has(name.value)) {
      fail(where, `${file}: "${name.value}" is there twice, again at ${placeOf(text, name.offset)}.`);
    }
    if (name) seen.add(name.value);
    if (value) checkNames(value, text, file, where);
  }
}
