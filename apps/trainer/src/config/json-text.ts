import { readFile } from "node:fs/promises";
import { fail } from "@ddpm/core";
import type { ErrorPlace } from "@ddpm/core/authoring";
import { fileRefusal } from "@ddpm/core/authoring";
import { decodeSettings, parseSettings } from "@ddpm/runs/authoring";

/**
 * Reads a file of settings: JSON in UTF-8, with or without a byte-order mark; comments and commas after the last entry are
 * allowed, as in other configuration files.
 *
 * @param where who asks, for errors
 * @throws DdpmError for a file that cannot be read, and as `parseSettings` does
 */
export async function readSettings(
  path: string,
  where: ErrorPlace,
): Promise<Readonly<Record<string, unknown>>> {
  return parseSettings(await readUtf8(path, where), path, where);
}

/**
 * Reads a text file.
 *
 * @throws DdpmError where it is missing, a folder, or not UTF-8
 */
export async function readUtf8(path: string, where: ErrorPlace): Promise<string> {
  const bytes = await readFile(path).catch((cause: Error) => {
    const { what, hint } = fileRefusal(cause) ?? {
      what: `cannot be read: ${cause.message}`,
      hint: undefined,
    };
    return fail(where, `${path} ${what}.`, hint, { cause });
  });
  return decodeSettings(bytes, path, where);
}
