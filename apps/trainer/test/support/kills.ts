import type { ChildProcess } from "node:child_process";
import { watch } from "node:fs";
import { expect } from "vitest";
import { startDdpm } from "./command.ts";

/** How often the tests kill a process: `DDPM_KILLS=50` kills longer. */
export function killsWanted(fewest: number): number {
  return Number(process.env.DDPM_KILLS ?? fewest);
}

/** Milliseconds that so many processes may take on a machine that others use. */
export function timeFor(kills: number): number {
  return 120_000 * (kills + 5);
}

/**
 * Runs `ddpm` again and again until it has ended by itself.
 *
 * @param words  of the call, by how often it was killed before
 * @param arm    sees to it that a process will be killed, `kills` of them at most; what it returns is called when it has ended
 * @returns how often it was killed
 */
export async function untilDone(
  words: (before: number) => readonly string[],
  kills: number,
  arm: (child: ChildProcess, before: number) => (() => void) | undefined,
): Promise<number> {
  for (let before = 0; ; before++) {
    const { child, ended } = startDdpm(words(before));
    const disarm = before < kills ? arm(child, before) : undefined;
    const { code, stderr } = await ended;
    disarm?.();
    expect(code === null || code === 0, stderr).toBe(true);
    if (code === 0) return before;
  }
}

/** Counts files and folders that appear, get their name or go below a folder that is there, until it is closed. */
export function watched(
  folder: string,
  onChange: (count: number) => void = () => {},
): { readonly count: () => number; close(): void } {
  let count = 0;
  const watcher = watch(folder, { recursive: true }, (event) => {
    if (event === "rename") onChange(++count);
  });
  return { count: () => count, close: () => watcher.close() };
}
