import type { ChildProcess } from "node:child_process";
import { type FSWatcher, readdirSync, watch } from "node:fs";
import { join } from "node:path";
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

/**
 * Counts files and folders that appear, get their name or go below a folder that is there, until it is closed. (Node's
 * own recursive watching throws where nobody can catch it when a folder is gone before it was looked into.)
 */
export function watched(
  folder: string,
  onChange: (count: number) => void = () => {},
): { readonly count: () => number; close(): void } {
  let count = 0;
  const watchers = new Map<string, FSWatcher>();
  const follow = (path: string): void => {
    try {
      const folders = readdirSync(path, { withFileTypes: true }).filter((entry) => entry.isDirectory());
      watchers.get(path)?.close();
      const watcher = watch(path, (event, name) => {
        if (event !== "rename") return;
        onChange(++count);
        if (name) follow(join(path, name));
      });
      watchers.set(
        path,
        watcher.on("error", () => watcher.close()),
      );
      for (const { name } of folders) follow(join(path, name));
    } catch {
      // A file, or gone again.
    }
  };
  follow(folder);
  return {
    count: () => count,
    close: () => {
      for (const watcher of watchers.values()) watcher.close();
    },
  };
}
