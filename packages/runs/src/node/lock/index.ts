import { randomUUID } from "node:crypto";
import { readFileSync, rmdirSync, rmSync, statSync } from "node:fs";
import { open, readFile, rm, stat, writeFile } from "node:fs/promises";
import { dirname, join, resolve } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { fail } from "@ddpm/core";
import * as z from "zod";
import { explain } from "../explain.ts";
import { hasCode } from "../files.ts";
import { makeFolder } from "../folder.ts";
import { lifeOf, type ProcessIdentity, thisProcess } from "./process.ts";

/** A folder that no other process writes to. */
export interface FolderLock {
  /** @throws DdpmError when another process has taken the folder over, because this one gave no sign of life for long */
  check(): void;
  /** Gives the folder free, and removes it where the lock made it and nothing was put into it. May be called again. */
  release(): void;
}

/** Seconds between two signs of life: the lock file's time of modification. */
const BEAT = 5;

/** Seconds without one after which a process that cannot be seen from here counts as gone. */
const SILENCE = 120;

/** Milliseconds in which a lock file that was just made gets its text. */
const WRITING = 1000;

const schema = z.object({
  pid: z.int(),
  host: z.string(),
  space: z.string(),
  started: z.string(),
  /** Of this file: a copy of the folder is not locked. */
  inode: z.string(),
});

interface Holder extends ProcessIdentity {
  readonly inode: string;
}

const fileOf = (folder: string): string => join(folder, "lock.json");

/**
 * Takes a folder for this process; made where missing. A lock whose process is gone is taken over at once, also when its number
 * belongs to another process by now. A process on another machine or in another container cannot be seen: its lock is taken
 * over when it has given no sign of life for two minutes.
 *
 * @throws DdpmError naming the process that writes to the folder, or when the folder is not writable
 */
export async function lockFolder(folder: string): Promise<FolderLock> {
  const made = await makeFolder(folder);
  const path = fileOf(folder);
  for (let attempt = 0; ; attempt++) {
    const text = await create(path);
    if (text !== undefined) {
      // Of two processes that took over the same lock, the later one has removed the file of the earlier one by now.
      if (attempt > 0) await sleep(WRITING / 10);
      if (attempt === 0 || textOf(path) === text) return held(path, text, made);
    }
    await checkUnlocked(folder);
    await rm(path, { force: true });
  }
}

/** Does some work while no other process may write to a folder: see {@link lockFolder}. */
export async function whileLocked<T>(folder: string, work: (lock: FolderLock) => Promise<T>): Promise<T> {
  const lock = await lockFolder(folder);
  try {
    return await work(lock);
  } finally {
    lock.release();
  }
}

/** @throws DdpmError naming the process that writes to a folder now; nothing is changed */
export async function checkUnlocked(folder: string): Promise<void> {
  const path = fileOf(folder);
  const holder = await readHolder(path);
  if (!holder) return;
  const life = lifeOf(holder);
  if (life === "gone" || (life === "unknown" && (await silenceOf(path)) > SILENCE)) return;
  const where = life === "running" ? "" : ` on ${holder.host}`;
  const what = `process ${holder.pid}${where} is writing to ${folder}: only one can.`;
  const wait = "Wait until it ends, or give another folder";
  const patience = life === "running" ? `${wait}.` : `${wait}; if it was killed, try again in ${SILENCE} s.`;
  fail("runs/lock", what, patience);
}

/** Makes the lock file. @returns its text; undefined where one is there already */
async function create(path: string): Promise<string | undefined> {
  try {
    const handle = await open(path, "wx");
    try {
      const inode = String((await handle.stat({ bigint: true })).ino);
      const text = `${JSON.stringify({ ...thisProcess(), inode, token: randomUUID() })}\n`;
      await handle.writeFile(text);
      return text;
    } finally {
      await handle.close();
    }
  } catch (error) {
    if (hasCode(error, "EEXIST")) return undefined;
    await rm(path, { force: true }).catch(() => {});
    return explain(path, error);
  }
}

/** Who made a lock file; undefined where there is none, where it was copied with its folder, or where its text was cut off. */
async function readHolder(path: string): Promise<Holder | undefined> {
  for (let waited = 0; ; waited += WRITING / 10) {
    const text = await readFile(path, "utf8").catch((error: unknown) => {
      if (hasCode(error, "ENOENT", "ENOTDIR")) return undefined;
      throw error;
    });
    if (text === undefined) return undefined;
    if (text.endsWith("\n")) return holderOf(text, inodeOf(path));
    if (waited >= WRITING) return undefined;
    await sleep(WRITING / 10);
  }
}

function holderOf(text: string, inode: string | undefined): Holder | undefined {
  try {
    const holder = schema.parse(JSON.parse(text));
    return holder.inode === inode ? holder : undefined;
  } catch {
    return undefined;
  }
}

function held(path: string, text: string, made: string | undefined): FolderLock {
  const isOurs = (): boolean => textOf(path) === text;
  // The same text again: the time of modification is then that of the file system, whose clock other machines see, too.
  const beat = setInterval(() => {
    if (isOurs()) writeFile(path, text, { flag: "r+" }).catch(() => {});
  }, BEAT * 1000);
  beat.unref();
  return {
    check() {
      if (isOurs()) return;
      const what = `another process has taken ${path} over, or it was removed: this one writes no more.`;
      fail("runs/lock", what, "What was saved before is intact: resume when the other process has ended.");
    },
    release() {
      clearInterval(beat);
      if (isOurs()) rmSync(path, { force: true });
      if (made !== undefined) removeEmpty(dirname(path), made);
    },
  };
}

/** Removes a folder and those above it up to `top`, as far as nothing is in them. */
function removeEmpty(folder: string, top: string): void {
  try {
    rmdirSync(folder);
  } catch {
    return;
  }
  if (resolve(folder) !== resolve(top)) removeEmpty(dirname(folder), top);
}

function textOf(path: string): string | undefined {
  try {
    return readFileSync(path, "utf8");
  } catch {
    return undefined;
  }
}

function inodeOf(path: string): string | undefined {
  return statSync(path, { bigint: true, throwIfNoEntry: false })?.ino.toString();
}

/** Seconds since a lock file's last sign of life, by the clock of its file system where it can be asked. */
async function silenceOf(path: string): Promise<number> {
  const probe = `${path}.${process.pid}`;
  try {
    await writeFile(probe, "");
    const [now, then] = [await stat(probe), await stat(path)];
    return (now.mtimeMs - then.mtimeMs) / 1000;
  } catch {
    return (Date.now() - ((await stat(path).catch(() => undefined))?.mtimeMs ?? 0)) / 1000;
  } finally {
    await rm(probe, { force: true }).catch(() => {});
  }
}
