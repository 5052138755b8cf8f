import { existsSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import * as promises from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, expect, test } from "vitest";
import { type Files, makeFolder } from "../src/node/authoring.ts";

const root = mkdtempSync(join(tmpdir(), "ddpm-folder-"));
afterAll(() => rmSync(root, { recursive: true, force: true }));

/** A file system that refuses to make folders; several at a time it calls missing, as Node does on read-only disks. */
function refusing(code: string): Files {
  const error = (actual: string): Error => Object.assign(new Error(actual), { code: actual });
  return {
    ...promises,
    mkdir: async (path: string, options?: { recursive?: boolean }) => {
      if (options?.recursive) throw error("ENOENT");
      if (!existsSync(join(path, ".."))) throw error("ENOENT");
      throw error(code);
    },
  } as unknown as Files;
}

test("a folder is made with those above it, and the topmost new one is named", async () => {
  expect(await makeFolder(join(root, "a", "b"))).toBe(join(root, "a"));
  expect(await makeFolder(join(root, "a", "b"))).toBeUndefined();
});

test.each([
  ["EROFS", /the file system is read-only/],
  ["EACCES", /not writable for this user/],
  ["ENOSPC", /no space left/],
])("a folder that cannot be made is refused with the reason, never as missing: %s", async (code, reason) => {
  const path = join(root, "deep", "down", "below");
  await expect(makeFolder(path, refusing(code))).rejects.toThrow(reason);
  expect(existsSync(join(root, "deep"))).toBe(false);
});

test("a file in the place of a folder is named as such", async () => {
  writeFileSync(join(root, "file"), "");
  await expect(makeFolder(join(root, "file"))).rejects.toThrow(/a file is there, expected a folder/);
  await expect(makeFolder(join(root, "file", "x"))).rejects.toThrow(/a file is there, expected a folder/);
});
