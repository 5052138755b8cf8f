import * as promises from "node:fs/promises";

/** The part of node:fs/promises that run folders are written with. */
export type Files = Pick<typeof promises, "mkdir" | "open" | "readdir" | "rename" | "rm" | "stat">;

/** The machine's own. */
export const disk: Files = promises;

/** Whether a call failed for this reason, e.g. `ENOENT`. */
export function hasCode(error: unknown, ...codes: readonly string[]): boolean {
  return error instanceof Error && "code" in error && codes.includes(String(error.code));
}
