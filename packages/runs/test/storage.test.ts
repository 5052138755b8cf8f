import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, describe, expect, test } from "vitest";
import { within } from "../src/authoring.ts";
import { opfsStorage } from "../src/browser/index.ts";
import { memoryStorage } from "../src/index.ts";
import { disk } from "../src/node/files.ts";
import { fsStorage } from "../src/node/index.ts";
import { inPieces, readWhole } from "../src/node/read.ts";
import { storageSuite } from "../src/testing/index.ts";
import { directory } from "./support/directory.ts";

const root = mkdtempSync(join(tmpdir(), "ddpm-storage-"));
afterAll(() => rmSync(root, { recursive: true, force: true }));

const drivers = {
  memory: () => memoryStorage(),
  fs: () => fsStorage(join(mkdtempSync(join(root, "run-")), "made", "by writing")),
  opfs: () => {
    const folder = directory();
    return opfsStorage(async () => folder);
  },
  within: async () => {
    const whole = memoryStorage();
    await whole.write("elsewhere/file", "x");
    return within(whole, "runs/mine");
  },
};

describe.each(Object.entries(drivers))("%s", (_, make) => {
  test.each(storageSuite(make).map(({ name, run }) => [name, run] as const))("%s", async (_, run) => run());
});

test("a driver that breaks the contract fails its check by name", async () => {
  const broken = storageSuite(() => ({ ...memoryStorage(), list: async () => ["b", "a"] }));
  const failed: string[] = [];
  for (const { name, run } of broken) await run().catch(() => failed.push(name));
  expect(failed).toContain("a folder lists its files and folders, sorted, without what is below");
});

test.each([1, 3, 5, 10, 11])("a file is read whole, %i bytes at a time", async (piece) => {
  const path = join(root, `pieces-${piece}`);
  const bytes = Uint8Array.from({ length: 10 }, (_, i) => 7 * i);
  writeFileSync(path, bytes);
  expect(await readWhole(path, disk, piece)).toEqual(bytes);
  const pieces = [...inPieces(bytes, piece)];
  expect(pieces).toHaveLength(Math.ceil(10 / piece));
  expect(pieces.flatMap((part) => [...part])).toEqual([...bytes]);
});
