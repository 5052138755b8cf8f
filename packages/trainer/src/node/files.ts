import * as promises from "node:fs/promises";

/** The part of node:fs/promises that run folders are written with. */
export type Files = Pick<
  typeof promises,
  "mkdir" | "open" | "readdir" | "readFile" | "rename" | "rm" | "stat"
>;

/** The machine's own. */
export const disk: Files = promises;
