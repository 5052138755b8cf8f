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
import * as tf from "@tensorflow/tfjs";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { disposeState, emas, type TrainState } from "../src/index.ts";
import {
  finishSave,
  hasCheckpoint,
  listCheckpoints,
  loadCheckpoint,
  rewind,
  saveCheckpoint,
} from "../src/node/index.ts";
import { faultyFiles, full } from "./support/faulty-files.ts";
import { bitsOf, copyOf, run } from "./support/run.ts";
import { options } from "./support/toy.ts";

/** States after 8, 16, 24 and 32 images. */
const states: TrainState[] = [];
let folder: string;

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
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

const everything = (): string[] => readdirSync(folder, { recursive: true, encoding: "utf8" }).sort();
const folderOf = (images: number): string => join(folder, "checkpoints", String(images).padStart(12, "0"));
const pathOf = (images: number, file: string): string => join(folderOf(images), file);

async function loaded(
  which?: string,
): Promise<{ bits: Record<string, unknown>; warnings: readonly string[] }> {
  const { state, warnings } = await loadCheckpoint(folder, which);
  const bits = bitsOf(state);
  disposeState(state);
  return { bits, warnings };
}

test("a checkpoint comes back bit for bit, with its notes, and leaves no tensors", async () => {
  const before = tf.memory().numTensors;
  expect(await hasCheckpoint(folder)).toBe(false);
  const meta = { config: { schedule: "cosine", steps: 1000 }, seed: 0 };
  const saved = await saveCheckpoint(folder, states[1]!, meta);
  expect(saved).toMatchObject({ images: 16, path: folderOf(16) });
  expect(await hasCheckpoint(folder)).toBe(true);
  const { state, meta: back, path, warnings } = await loadCheckpoint(folder);
  expect(bitsOf(state)).toEqual(bitsOf(states[1]!));
  expect({ back, path, warnings }).toEqual({ back: meta, path: saved.path, warnings: [] });
  disposeState(state);
  expect(tf.memory().numTensors).toBe(before);
  expect(everything().filter((name) => name.includes("."))).toHaveLength(4);
});

test("the same state and notes give the same bytes", async () => {
  await saveCheckpoint(folder, states[0]!, { a: 1 });
  const files = ["model.safetensors", "ema.safetensors", "optimizer.safetensors", "state.json"];
  const read = (): Buffer[] => files.map((file) => readFileSync(pathOf(8, file)));
  const first = read();
  await saveCheckpoint(folder, states[0]!, { a: 1 });
  expect(read()).toEqual(first);
});

test("a checkpoint of the same name makes way for a different one", async () => {
  await saveCheckpoint(folder, states[0]!, { a: 1 });
  await saveCheckpoint(folder, states[0]!, { a: 2 });
  expect((await loadCheckpoint(folder)).meta).toEqual({ a: 2 });
  expect(readdirSync(join(folder, "checkpoints"))).toEqual(["000000000008", "latest"]);
});

describe("keeping the last few", () => {
  test("deletes the oldest", async () => {
    for (const state of states) await saveCheckpoint(folder, state, {}, { keep: 2 });
    expect(await listCheckpoints(folder)).toEqual(["000000000024", "000000000032"]);
  });

  test("never deletes the one that was just written, even when later ones lie about", async () => {
    for (const state of states.slice(1)) await saveCheckpoint(folder, state);
    await saveCheckpoint(folder, states[0]!, {}, { keep: 1 });
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
      await saveCheckpoint(folder, states[0]!);
      await saveCheckpoint(folder, states[1]!);
      harm(pathOf(16, file));
      const { bits, warnings } = await loaded();
      expect(bits).toEqual(bitsOf(states[0]!));
      expect(warnings).toHaveLength(1);
      expect(warnings[0]).toContain(join("000000000016", file));
      await expect(loadCheckpoint(folder, folderOf(16))).rejects.toThrow(file);
    });
  }

  test("without a whole one, the error says what is wrong with each", async () => {
    await saveCheckpoint(folder, states[0]!);
    rmSync(pathOf(8, "model.safetensors"));
    await expect(loadCheckpoint(folder)).rejects.toThrow(/no whole checkpoint.*model.safetensors is missing/);
    await expect(loadCheckpoint(join(folder, "elsewhere"))).rejects.toThrow("no whole checkpoint");
  });

  test("a latest that names nothing is reported", async () => {
    await saveCheckpoint(folder, states[0]!);
    writeFileSync(join(folder, "checkpoints", "latest"), "000000000099\n");
    const { bits, warnings } = await loaded();
    expect(bits).toEqual(bitsOf(states[0]!));
    expect(warnings).toEqual(["latest names 000000000099, which is not there."]);
  });
});

/** Number of changing operations of saving the second checkpoint when the third lies there, keeping two. */
async function saveWith(
  fault: Parameters<typeof faultyFiles>[0],
): Promise<{ count: number; error: unknown }> {
  const { files, count } = faultyFiles(fault);
  try {
    await saveCheckpoint(folder, states[2]!, {}, { keep: 2, files });
    return { count: count(), error: undefined };
  } catch (error) {
    return { count: count(), error };
  }
}

async function twoCheckpoints(): Promise<void> {
  rmSync(join(folder, "checkpoints"), { recursive: true, force: true });
  await saveCheckpoint(folder, states[0]!);
  await saveCheckpoint(folder, states[1]!);
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
    await finishSave(folder, reached, { keep: 2 });
    expect((await loaded()).bits).toEqual(bits);
    expect(everything().filter((name) => name.includes("unfinished"))).toEqual([]);
    if (reached === states[2])
      expect(await listCheckpoints(folder)).toEqual(["000000000016", "000000000024"]);

    await saveCheckpoint(folder, states[2]!, {}, { keep: 2 });
    expect((await loaded()).bits).toEqual(fresh);
    expect(readdirSync(join(folder, "checkpoints"))).toEqual(["000000000016", "000000000024", "latest"]);
  }
  expect(outcomes).toEqual([...outcomes].sort().reverse());
  expect(new Set(outcomes).size).toBe(2);
}, 120_000);

test("a disk that fills up at any write leaves everything as it was, and says so", async () => {
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
    for (const state of states) await saveCheckpoint(folder, state);
  });

  test("gives up what came after, and the run goes on from there", async () => {
    await rewind(folder, 16);
    expect((await listCheckpoints(folder)).map(Number)).toEqual([8, 16]);
    const { state, warnings } = await loadCheckpoint(folder);
    expect([state.images, warnings]).toEqual([16, []]);
    disposeState(state);
    await rewind(folder, 16);
    expect((await listCheckpoints(folder)).map(Number)).toEqual([8, 16]);
    await rewind(folder, 0);
    expect(await hasCheckpoint(folder)).toBe(false);
  });

  test("to where there is no checkpoint is refused, and nothing goes", async () => {
    await expect(rewind(folder, 17)).rejects.toThrow(
      /no checkpoint at 17 images to go back to: 8, 16, 24, 32/,
    );
    expect(await listCheckpoints(folder)).toHaveLength(4);
  });

  test("stopped before any of its operations, it has not begun or the run goes on from there", async () => {
    for (let stop = 1; ; stop++) {
      for (const state of states) await saveCheckpoint(folder, state);
      const faulty = faultyFiles((count) => (count === stop ? new Error("stopped") : undefined));
      const ended = await rewind(folder, 16, faulty.files).catch((error: Error) => error);
      const { state } = await loadCheckpoint(folder);
      expect([16, 32]).toContain(state.images);
      disposeState(state);
      if (ended === undefined) return;
    }
  });
});
