import { fail } from "@ddpm/core";

/**
 * A text file's content: UTF-8, or UTF-16 by its byte-order mark, as spreadsheets save it.
 *
 * @throws DdpmError naming a file that is no text
 */
export function textOf(bytes: Uint8Array, file: string): string {
  const wide = bytes[0] === 0xff && bytes[1] === 0xfe ? "utf-16le" : undefined;
  try {
    return new TextDecoder(wide ?? "utf-8", { fatal: true }).decode(bytes);
  } catch (cause) {
    return fail("data/files", `${file} is not UTF-8 text.`, undefined, { cause });
  }
}

/** The lines that are not blank, without line ends. @throws DdpmError naming a file that is no text */
export function linesIn(bytes: Uint8Array, file: string): string[] {
  return textOf(bytes, file)
    .split(/\r?\n/)
    .filter((line) => line.trim() !== "");
}
