import { open, readFile, stat } from "node:fs/promises";
import { fail } from "@ddpm/core";
import { fileRefusal } from "@ddpm/core/authoring";
import { kindByContent, kindByEnding } from "@ddpm/data/authoring";

/** Whether a path is a single picture: by its content, or, where that is damaged, by its ending. */
export async function isPicture(path: string): Promise<boolean> {
  if (!(await stat(path)).isFile()) return false;
  return kindByEnding(path) !== undefined || kindByContent(await headOf(path)) !== undefined;
}

async function headOf(path: string): Promise<Uint8Array> {
  const file = await open(path);
  try {
    const { buffer, bytesRead } = await file.read(new Uint8Array(64), 0, 64, 0);
    return buffer.subarray(0, bytesRead);
  } finally {
    await file.close();
  }
}

/**
 * The bytes of a picture's file.
 *
 * @throws DdpmError for a file that cannot be read
 */
export async function readPicture(path: string): Promise<Uint8Array> {
  return readFile(path).catch((cause: Error) => {
    const { what, hint } = fileRefusal(cause) ?? {
      what: `cannot be read: ${cause.message}`,
      hint: undefined,
    };
    return fail("runs/picture-file", `${path} ${what}.`, hint, { cause });
  });
}
