import { fail } from "@ddpm/core";
import { bytesOf } from "./files.ts";

/**
 * The lines of a UTF-8 text file that are not blank, without line ends.
 *
 * @throws DdpmError naming a file that cannot be read or is no text
 */
export async function linesOf(path: string): Promise<string[]> {
  try {
    const text = new TextDecoder("utf-8", { fatal: true }).decode(await bytesOf(path));
    return text.split(/\r?\n/).filter((line) => line.trim() !== "");
  } catch (cause) {
    if (!(cause instanceof TypeError)) throw cause;
    return fail("data/files", `${path} is not UTF-8 text.`, undefined, { cause });
  }
}
