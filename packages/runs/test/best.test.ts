import { mkdtempSync, readdirSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { disposeState, initialState } from "@ddpm/trainer";
import "@tensorflow/tfjs";
import { afterAll, describe, expect, test } from "vitest";
import { bitsOf } from "../../trainer/test/support/run.ts";
import { options } from "../../trainer/test/support/toy.ts";
import { markBest, resumeBest } from "../src/authoring.ts";
import { loadCheckpoint, readBest, saveCheckpoint } from "../src/index.ts";
import { fsStorage } from "../src/node/index.ts";

describe("the best checkpoint", () => {
  const folder = mkdtempSync(join(tmpdir(), "ddpm-best-"));
  const storage = fsStorage(folder);
  afterAll(() => rmSync(folder, { recursive: true, force: true }));
  const names = (): string[] =>
    readdirSync(join(folder, "checkpoints"))
      .filter((name) => /^\d/.test(name))
      .map((name) => String(Number(name)));

  test("is not deleted, and neither are those at a multiple of images", async () => {
    const state = initialState(options());
    for (let step = 1; step <= 8; step++) {
      await saveCheckpoint(storage, { ...state, step, images: step * 8 }, {}, { keep: 1, keepEvery: 30 });
      if (step === 2) await markBest(storage, { images: 16, metric: "heldOutLoss", value: 0.5 });
    }
    // 32 and 64 are the first updates after 30 and 60 images.
    expect(names()).toEqual(["16", "32", "64"]);
    const best = await loadCheckpoint(storage, "best");
    expect(best.state.images).toBe(16);
    expect(bitsOf(best.state).params).toEqual(bitsOf(state).params);
    disposeState(best.state);
    disposeState(state);
  });

  test("is unmarked by a run that resumes from before it, and must exist", async () => {
    await resumeBest(storage, 40);
    expect(await readBest(storage)).toMatchObject({ images: 16, value: 0.5 });
    await resumeBest(storage, 8);
    expect(await readBest(storage)).toBeUndefined();
    await expect(loadCheckpoint(storage, "best")).rejects.toThrow(/no checkpoint .* is marked as the best/);
    await expect(markBest(storage, { images: 24, metric: "x", value: 1 })).rejects.toThrow(
      /no checkpoint at 24/,
    );
  });
});
