import { spawn } from "node:child_process";
import {
  cpSync,
  existsSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  utimesSync,
  writeFileSync,
} from "node:fs";
import { hostname, tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, expect, test } from "vitest";
import { checkUnlocked, whileLocked } from "../src/node/authoring.ts";
import { lockFolder } from "../src/node/index.ts";

const root = mkdtempSync(join(tmpdir(), "ddpm-lock-"));
afterAll(() => rmSync(root, { recursive: true, force: true }));
const folder = (): string => mkdtempSync(join(root, "run-"));
const fileOf = (run: string): string => join(run, "lock.json");

/** Changes what a lock says of its process. */
function change(run: string, to: object): void {
  const text = JSON.parse(readFileSync(fileOf(run), "utf8")) as object;
  writeFileSync(fileOf(run), `${JSON.stringify({ ...text, ...to })}\n`);
}

/** A process that has ended. */
async function gone(): Promise<number> {
  const child = spawn(process.execPath, ["--version"]);
  await new Promise((resolve) => child.on("close", resolve));
  return child.pid!;
}

test("a locked folder is refused, naming the process, until it is given free", async () => {
  const run = folder();
  const lock = await lockFolder(run);
  await expect(lockFolder(run)).rejects.toThrow(`process ${process.pid} is writing to ${run}`);
  await expect(checkUnlocked(run)).rejects.toThrow("only one can");
  lock.check();
  lock.release();
  lock.release();
  await checkUnlocked(run);
  expect(await whileLocked(run, async () => existsSync(fileOf(run)))).toBe(true);
  expect(readdirSync(run)).toEqual([]);
});

test("a folder that the lock made goes with it while it is empty", async () => {
  const [outer, inner] = [join(root, "made"), join(root, "made", "inner")];
  (await lockFolder(inner)).release();
  expect(existsSync(outer)).toBe(false);
  await whileLocked(inner, async () => writeFileSync(join(inner, "file"), ""));
  expect(readdirSync(inner)).toEqual(["file"]);
});

test("the lock of a killed process is taken over, also when its number belongs to another process by now", async () => {
  for (const to of [{ pid: await gone() }, { pid: process.ppid, started: "1" }]) {
    const run = folder();
    const old = await lockFolder(run);
    change(run, to);
    const lock = await lockFolder(run);
    expect(() => old.check()).toThrow("this one writes no more");
    lock.check();
    lock.release();
  }
});

test("a process on another machine or before a restart holds its lock while it gives signs of life", async () => {
  for (const to of [{ host: "elsewhere" }, { space: "another start of this machine" }]) {
    const run = folder();
    await lockFolder(run);
    change(run, to);
    await expect(lockFolder(run)).rejects.toThrow(
      new RegExp(`on ${"host" in to ? "elsewhere" : hostname()} is writing.*|only one can`),
    );
    const old = Date.now() / 1000 - 600;
    utimesSync(fileOf(run), old, old);
    (await lockFolder(run)).release();
  }
});

test("a copy of a folder that is being written to is not locked, and neither is one whose lock was cut off", async () => {
  const [run, copy] = [folder(), folder()];
  const lock = await lockFolder(run);
  cpSync(run, copy, { recursive: true });
  (await lockFolder(copy)).release();
  lock.release();
  writeFileSync(fileOf(copy), '{"pid":');
  (await lockFolder(copy)).release();
});
