import {
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  truncateSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { isDdpmError } from "@ddpm/core";
import { disposeState, emas, type TrainState } from "@ddpm/trainer";
import * as tf from "@tensorflow/tfjs";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { bitsOf, copyOf, run } from "../../trainer/test/support/run.ts";
import { options } from "../../trainer/test/support/toy.ts";
import { finishSave, loadCheckpointFolder, type WhichCheckpoint } from "../src/authoring.ts";
import {
  hasCheckpoint,
  listCheckpoints,
  loadCheckpoint,
  loadWeights,
  memoryStorage,
  type RunStorage,
  rewind,
  saveCheckpoint,
} from "../src/index.ts";
import { fsStorage } from "../src/node/index.ts";
import { faultyFiles, full } from "./support/faulty-files.ts";

/** States after 8, 16, 24 and 32 images. */
const states: TrainState[] = [];
let folder: string;
let storage: RunStorage;

beforeAll(async () => {
  const training = options({ ema: emas.create("power"), until: 32, every: { checkpoint: 8 } });
  const { state } = await run(training, (event) => {
    if (event.type === "due") states.push(copyOf(event.state));
  });
  disposeState(state);
});
afterAll(() => states.forEach(disposeState));
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "ddpm-checkpoint-"));
  storage = fsStorage(folder);
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

const everything = (): string[] => readdirSync(folder, { recursive: true, encoding: "utf8" }).sort();
const folderOf = (images: number): string => join(folder, "checkpoints", String(images).padStart(12, "0"));
const pathOf = (images: number, file: string): string => join(folderOf(images), file);

async function loaded(
  which?: WhichCheckpoint,
): Promise<{ bits: Record<string, unknown>; warnings: readonly string[] }> {
  const { state, warnings } = await loadCheckpoint(storage, which);
  const bits = bitsOf(state);
  disposeState(state);
  return { bits, warnings };
}

test("in memory, a checkpoint has the same bits and files as on the disk", async () => {
  const memory = memoryStorage();
  for (const where of [memory, storage]) {
    for (const state of states) await saveCheckpoint(where, state, { a: 1 }, { keep: 2 });
  }
  const { state } = await loadCheckpoint(memory);
  expect(bitsOf(state)).toEqual(bitsOf(states[3]!));
  disposeState(state);
  const names = await storage.list("checkpoints/000000000032");
  expect(await memory.list("checkpoints/000000000032")).toEqual(names);
  expect(names).toHaveLength(4);
  for (const name of names) {
    const path = `checkpoints/000000000032/${name}`;
    expect(Buffer.compare((await memory.read(path))!, (await storage.read(path))!), name).toBe(0);
  }
});

test("a checkpoint's folder is loaded by itself, and the averaged weights without the optimiser", async () => {
  await saveCheckpoint(storage, states[1]!, { a: 1 });
  const { state, meta } = await loadCheckpointFolder(fsStorage(folderOf(16)));
  expect([bitsOf(state), meta]).toEqual([bitsOf(states[1]!), { a: 1 }]);
  disposeState(state);
  await expect(loadCheckpointFolder(storage)).rejects.toThrow(`${folder} is not a checkpoint`);
  rmSync(pathOf(16, "optimizer.safetensors"));
  const { params } = await loadWeights(storage);
  expect(bitsOf({ ...states[1]!, params }).params).toEqual(
    bitsOf({ ...states[1]!, params: states[1]!.ema! }).params,
  );
  tf.dispose(params);
});

test("a checkpoint that is saved and loaded has the same bits and notes, and leaves no tensors", async () => {
  const before = tf.memory().numTensors;
  expect(await hasCheckpoint(storage)).toBe(false);
  const meta = { config: { schedule: "cosine", steps: 1000 }, seed: 0 };
  const saved = await saveCheckpoint(storage, states[1]!, meta);
  expect(saved).toMatchObject({ images: 16, path: folderOf(16) });
  expect(await hasCheckpoint(storage)).toBe(true);
  const { state, meta: back, path, warnings } = await loadCheckpoint(storage);
  expect(bitsOf(state)).toEqual(bitsOf(states[1]!));
  expect({ back, path, warnings }).toEqual({ back: meta, path: saved.path, warnings: [] });
  disposeState(state);
  expect(tf.memory().numTensors).toBe(before);
  expect(everything().filter((name) => name.includes("."))).toHaveLength(4);
});

test("the same state and notes give the same bytes", async () => {
  await saveCheckpoint(storage, states[0]!, { a: 1 });
  const files = ["model.safetensors", "ema.safetensors", "optimizer.safetensors", "state.json"];
  const read = (): Buffer[] => files.map((file) => readFileSync(pathOf(8, file)));
  const first = read();
  await saveCheckpoint(storage, states[0]!, { a: 1 });
  expect(read()).toEqual(first);
});

test("a different checkpoint after the same number of images replaces the old one", async () => {
  await saveCheckpoint(storage, states[0]!, { a: 1 });
  await saveCheckpoint(storage, states[0]!, { a: 2 });
  expect((await loadCheckpoint(storage)).meta).toEqual({ a: 2 });
  expect(readdirSync(join(folder, "checkpoints"))).toEqual(["000000000008", "latest"]);
});

describe("keeping the last few", () => {
  test("deletes the oldest", async () => {
    for (const state of states) await saveCheckpoint(storage, state, {}, { keep: 2 });
    expect(await listCheckpoints(storage)).toEqual([24, 32]);
  });

  test("never deletes the one that was just written, even when there are later ones", async () => {
    for (const state of states.slice(1)) await saveCheckpoint(storage, state);
    await saveCheckpoint(storage, states[0]!, {}, { keep: 1 });
    expect((await loaded()).bits).toEqual(bitsOf(states[0]!));
  });
});

describe("damage", () => {
  const files = ["model.safetensors", "ema.safetensors", "optimizer.safetensors", "state.json"];
  const harms: readonly [string, (path: string) => void][] = [
    [
      "a flipped bit",
      (path) => {
        const bytes = readFileSync(path);
        bytes[Math.floor(bytes.length * 0.7)]! ^= 1;
        writeFileSync(path, bytes);
      },
    ],
    ["a missing byte", (path) => truncateSync(path, statSync(path).size - 1)],
    ["a byte too many", (path) => writeFileSync(path, Buffer.concat([readFileSync(path), Buffer.from("x")]))],
    ["no bytes at all", (path) => truncateSync(path, 0)],
    ["the file missing", (path) => rmSync(path)],
  ];

  for (const [name, harm] of harms) {
    test.each(files)(`${name}: %s is noticed, named, and the checkpoint before is taken`, async (file) => {
      await saveCheckpoint(storage, states[0]!);
      await saveCheckpoint(storage, states[1]!);
      harm(pathOf(16, file));
      const { bits, warnings } = await loaded();
      expect(bits).toEqual(bitsOf(states[0]!));
      expect(warnings).toHaveLength(1);
      expect(warnings[0]).toContain(join("000000000016", file));
      await expect(loadCheckpoint(storage, 16)).rejects.toThrow(file);
    });
  }

  test("without a whole one, the error names the reason for each", async () => {
    await saveCheckpoint(storage, states[0]!);
    rmSync(pathOf(8, "model.safetensors"));
    await expect(loadCheckpoint(storage)).rejects.toThrow(
      /no whole checkpoint.*model.safetensors is missing/,
    );
    await expect(loadCheckpoint(fsStorage(join(folder, "elsewhere")))).rejects.toThrow("no whole checkpoint");
  });

  test("a latest that names nothing is reported", async () => {
    await saveCheckpoint(storage, states[0]!);
    writeFileSync(join(folder, "checkpoints", "latest"), "000000000099\n");
    const { bits, warnings } = await loaded();
    expect(bits).toEqual(bitsOf(states[0]!));
    expect(warnings).toEqual(["latest names 000000000099, which is missing."]);
  });
});

/** Number of changing operations of saving the second checkpoint of three, keeping two. */
async function saveWith(
  fault: Parameters<typeof faultyFiles>[0],
): Promise<{ count: number; error: unknown }> {
  const { files, count } = faultyFiles(fault);
  try {
    await saveCheckpoint(fsStorage(folder, files), states[2]!, {}, { keep: 2 });
    return { count: count(), error: undefined };
  } catch (error) {
    return { count: count(), error };
  }
}

async function twoCheckpoints(): Promise<void> {
  rmSync(join(folder, "checkpoints"), { recursive: true, force: true });
  await saveCheckpoint(storage, states[0]!);
  await saveCheckpoint(storage, states[1]!);
}

test("stopped before any one of its operations, a save leaves a whole latest checkpoint and can be repeated", async () => {
  await twoCheckpoints();
  const { count: operations } = await saveWith(() => undefined);
  expect(operations).toBeGreaterThan(20);
  const [old, fresh] = [bitsOf(states[1]!), bitsOf(states[2]!)];
  const outcomes: string[] = [];
  for (let stop = 1; stop <= operations; stop++) {
    await twoCheckpoints();
    const { error } = await saveWith((count) => (count >= stop ? new Error("stopped") : undefined));
    expect(String(error)).toContain("stopped");
    const { bits, warnings } = await loaded();
    expect(warnings).toEqual([]);
    outcomes.push(JSON.stringify(bits) === JSON.stringify(old) ? "old" : "new");
    expect(outcomes.at(-1) === "old" ? old : fresh).toEqual(bits);
    const reached = states[outcomes.at(-1) === "old" ? 1 : 2]!;
    await finishSave(storage, reached, { keep: 2 });
    expect((await loaded()).bits).toEqual(bits);
    expect(everything().filter((name) => name.includes("unfinished"))).toEqual([]);
    if (reached === states[2]) expect(await listCheckpoints(storage)).toEqual([16, 24]);

    await saveCheckpoint(storage, states[2]!, {}, { keep: 2 });
    expect((await loaded()).bits).toEqual(fresh);
    expect(readdirSync(join(folder, "checkpoints"))).toEqual(["000000000016", "000000000024", "latest"]);
  }
  expect(outcomes).toEqual([...outcomes].sort().reverse());
  expect(new Set(outcomes).size).toBe(2);
}, 120_000);

test("a disk that fills up at any write leaves everything as it was, and the message names the reason", async () => {
  await twoCheckpoints();
  const before = everything();
  let write = 0;
  for (let fails = 1; ; fails++) {
    write = 0;
    const { error } = await saveWith((_, operation) =>
      operation === "write" && ++write === fails ? full() : undefined,
    );
    if (!error) break;
    expect(isDdpmError(error)).toBe(true);
    expect(String(error)).toMatch(/no space left to write .*(000000000024|latest).*free some space/);
    const pointer = readFileSync(join(folder, "checkpoints", "latest"), "utf8");
    expect(pointer).toBe("000000000016\n");
    expect((await loaded()).bits).toEqual(bitsOf(states[1]!));
    expect(everything().filter((name) => name.includes("unfinished"))).toEqual([]);
    if (!everything().some((name) => name.includes("000000000024"))) expect(everything()).toEqual(before);
    await twoCheckpoints();
  }
  expect(write).toBeGreaterThan(15);
});

describe("going back", () => {
  beforeEach(async () => {
    for (const state of states) await saveCheckpoint(storage, state);
  });

  test("removes what came after, and the run resumes from there", async () => {
    await rewind(storage, 16);
    expect(await listCheckpoints(storage)).toEqual([8, 16]);
    const { state, warnings } = await loadCheckpoint(storage);
    expect([state.images, warnings]).toEqual([16, []]);
    disposeState(state);
    await rewind(storage, 16);
    expect(await listCheckpoints(storage)).toEqual([8, 16]);
    await rewind(storage, 0);
    expect(await hasCheckpoint(storage)).toBe(false);
  });

  test("to where there is no checkpoint is refused, and nothing goes", async () => {
    await expect(rewind(storage, 17)).rejects.toThrow(
      /no checkpoint at 17 images to go back to, expected one of: 8, 16, 24, 32/,
    );
    expect(await listCheckpoints(storage)).toHaveLength(4);
  });

  test("stopped before any of its operations, it has not started or the run resumes from there", async () => {
    for (let stop = 1; ; stop++) {
      for (const state of states) await saveCheckpoint(storage, state);
      const faulty = faultyFiles((count) => (count === stop ? new Error("stopped") : undefined));
      const ended = await rewind(fsStorage(folder, faulty.files), 16).catch((error: Error) => error);
      const { state } = await loadCheckpoint(storage);
      expect([16, 32]).toContain(state.images);
      disposeState(state);
      if (ended === undefined) return;
    }
  });
});
