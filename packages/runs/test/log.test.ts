import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { truncateLog } from "../src/authoring.ts";
import { appendLog, memoryStorage, type RunStorage, readLog } from "../src/index.ts";
import { writeFileAtomic } from "../src/node/authoring.ts";
import { fsStorage } from "../src/node/index.ts";
import { faultyFiles, full } from "./support/faulty-files.ts";

let folder: string;
let path: string;
let storage: RunStorage;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "ddpm-log-"));
  path = join(folder, "log.jsonl");
  storage = fsStorage(folder);
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

const rows = [1, 2, 3].map((k) => ({ images: 10 * k, loss: 1 / k }));

describe("a log", () => {
  test("is one JSON object per line", async () => {
    await appendLog(storage, rows[0]!);
    await appendLog(storage, ...rows.slice(1));
    await appendLog(storage);
    expect(readFileSync(path, "utf8")).toBe(
      '{"images":10,"loss":1}\n{"images":20,"loss":0.5}\n{"images":30,"loss":0.3333333333333333}\n',
    );
    expect(await readLog(storage)).toEqual(rows);
    expect(await readLog(memoryStorage())).toEqual([]);
  });

  test("cut back to a checkpoint and written again is the log of a run that never stopped", async () => {
    for (const row of rows) await appendLog(storage, row);
    const whole = readFileSync(path, "utf8");
    for (let cut = 0; cut <= whole.length; cut++) {
      writeFileSync(path, whole.slice(0, cut));
      const kept = (await readLog(storage)).length;
      const checkpoint = kept > 1 ? 10 : 0;
      await truncateLog(storage, checkpoint);
      for (const row of rows.filter(({ images }) => images > checkpoint)) await appendLog(storage, row);
      expect(readFileSync(path, "utf8")).toBe(whole);
    }
  });

  test("damaged before its end is refused, with the line", async () => {
    writeFileSync(path, '{"images":1}\nnonsense\n{"images":3}\n');
    await expect(readLog(storage)).rejects.toThrow(`${path}: line 2 is not a row.`);
    writeFileSync(path, '{"images":1}\n{"loss":3}\n');
    await expect(truncateLog(storage, 5)).rejects.toThrow("line 2");
  });

  test("takes back a line that does not fit on the disk", async () => {
    await appendLog(storage, rows[0]!);
    const { files } = faultyFiles((_, operation) => (operation === "write" ? full() : undefined));
    await expect(appendLog(fsStorage(folder, files), rows[1]!)).rejects.toThrow("no space left");
    await appendLog(storage, rows[2]!);
    expect(await readLog(storage)).toEqual([rows[0], rows[2]]);
  });
});

describe("writeFileAtomic", () => {
  test("writes text, bytes and pieces", async () => {
    for (const data of ["abc", Buffer.from("abc"), [Buffer.from("ab"), Buffer.from("c")]]) {
      await writeFileAtomic(path, data);
      expect(readFileSync(path, "utf8")).toBe("abc");
    }
    expect(readdirSync(folder)).toEqual(["log.jsonl"]);
  });

  test("stopped before any one of its operations, it leaves the old file or the new one", async () => {
    const seen = new Set<string>();
    for (let stop = 1; stop <= 6; stop++) {
      writeFileSync(path, "old");
      const { files } = faultyFiles((count) => (count >= stop ? new Error("stopped") : undefined));
      await writeFileAtomic(path, "brand new", files).catch(() => {});
      const text = readFileSync(path, "utf8");
      seen.add(text);
      expect(["old", "brand new"]).toContain(text);
    }
    expect(seen.size).toBe(2);
    await writeFileAtomic(path, "newer");
    expect(readdirSync(folder)).toEqual(["log.jsonl"]);
  });

  test("in a folder that is not there, says what the system says", async () => {
    await expect(writeFileAtomic(join(folder, "none", "file"), "x")).rejects.toThrow("ENOENT");
  });
});
