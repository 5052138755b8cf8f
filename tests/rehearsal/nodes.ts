import { delimiter, dirname } from "node:path";
import { run } from "./run.ts";

/** Versions of Node that are tried: the oldest that packages allow, and the later long-term ones. */
export const NODES: readonly number[] = [20, 22, 24];

const programs = new Map<number, Promise<string>>();

/** The program of a version of Node, which npx fetches and keeps. */
export function nodeProgram(version: number, cwd: string): Promise<string> {
  const words = ["-y", "-p", `node@${version}`, "node", "-p", "process.execPath"];
  const found =
    programs.get(version) ?? run("npx", words, { cwd }).then((text) => text.trim().split("\n").at(-1)!);
  programs.set(version, found);
  return found;
}

/** The environment in which npm, npx and the programs that they start run on a version of Node. */
export async function onNode(version: number, cwd: string): Promise<Readonly<Record<string, string>>> {
  return { PATH: `${dirname(await nodeProgram(version, cwd))}${delimiter}${process.env.PATH}` };
}
