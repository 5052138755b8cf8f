import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, describe, expect, test } from "vitest";
import { opfsStorage } from "../src/browser/index.ts";
import { memoryStorage, within } from "../src/index.ts";
import { fsStorage } from "../src/node/index.ts";
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
