import { run } from "./run.ts";

/** Versions of Node that are tried: the oldest that packages allow, and the later long-term ones. */
export const NODES: readonly number[] = [20, 22, 24];

/** The program of a version of Node, which npx fetches and keeps. */
export async function nodeProgram(version: number, cwd: string): Promise<string> {
  const words = ["-y", "-p", `node@${version}`, "node", "-p", "process.execPath"];
  return (await run("npx", words, { cwd })).trim().split("\n").at(-1)!;
}
