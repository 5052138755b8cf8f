import { join } from "node:path";
import { loadCheckpoint } from "@ddpm/runs";
import { fsStorage } from "@ddpm/runs/node";
import { disposeState } from "@ddpm/trainer";
import { beforeAll, expect, test } from "vitest";
import { temporaryFolder } from "./support/command.ts";
import { ddpmHere } from "./support/command-here.ts";
import { smallRun } from "./support/small-run.ts";
import { trainHere } from "./support/train-here.ts";

const folder = temporaryFolder();
const run = join(folder, "kept");
beforeAll(async () => {
  const train = { ...smallRun.train, images: 192, ema: { name: "profile", width: 0.1 } };
  const every = { log: 48, samples: 192, checkpoint: 24, keep: 1, keepEvery: 24 };
  await trainHere({ ...smallRun, train, every }, run);
}, 120_000);

async function averageOf(path: string): Promise<number[]> {
  const { state } = await loadCheckpoint(fsStorage(path));
  const numbers = Object.values(state.ema!).flatMap((value) => Array.from(value.dataSync()));
  disposeState(state);
  return numbers;
}

const distance = (a: readonly number[], b: readonly number[]): number =>
  Math.max(...a.map((value, i) => Math.abs(value - b[i]!)));

test("the width that was kept gives the average that was kept; another one gives another, in between", async () => {
  const [same, wider] = [join(folder, "same"), join(folder, "wider")];
  expect((await ddpmHere("average", run, "--width", "0.1", "--out", same)).code).toBe(0);
  const { code, events } = await ddpmHere("average", run, "--width", "0.15", "--out", wider, "--json");
  expect(code).toBe(0);
  expect(events.at(-1)).toMatchObject({ event: "done", run: wider, images: 192 });
  const kept = await averageOf(run);
  expect(distance(await averageOf(same), kept)).toBeLessThan(1e-5);
  const moved = distance(await averageOf(wider), kept);
  expect(moved).toBeGreaterThan(1e-5);
  expect(moved).toBeLessThan(0.1);
});

test("a run whose averages cannot be combined is refused with what to do", async () => {
  const plain = join(folder, "plain");
  await trainHere({ ...smallRun, train: { ...smallRun.train, images: 16 } }, plain);
  const { code, stderr } = await ddpmHere("average", plain, "--width", "0.1");
  expect(code).toBe(2);
  expect(stderr).toContain("train.ema=profile");
});
