import "@tensorflow/tfjs";
import { random } from "@ddpm/core";
import { emas, trainingLoop } from "@ddpm/trainer";
import { mlp } from "@ddpm/unet";
import { options } from "../../../trainer/test/support/toy.ts";
import { truncateLog } from "../../src/authoring.ts";
import { appendLog, hasCheckpoint, loadCheckpoint, saveCheckpoint } from "../../src/index.ts";
import { fsStorage } from "../../src/node/index.ts";

/** A program that trains on so many images into a folder, resumes there, and reports when training starts and ends. */
const folder = fsStorage(process.argv[2]!);
const until = Number(process.argv[3]);
const images = {
  shape: [1, 1, 2] as const,
  length: 100,
  fingerprint: "points",
  async read(first: number, count: number) {
    const data = new Float32Array(2 * count);
    for (let i = 0; i < count; i++)
      data.set(
        random(5)
          .fork(first + i)
          .normals(2),
        2 * i,
      );
    return { data, shape: [count, 1, 1, 2] as const };
  },
};

const found = (await hasCheckpoint(folder)) ? await loadCheckpoint(folder) : undefined;
await truncateLog(folder, found?.state.images ?? 0);
const training = trainingLoop({
  ...options({ denoiser: mlp({ width: 12, layers: 1, waves: 4 }), images, batch: 4, accumulate: 2 }),
  ema: emas.create({ name: "warmup" }),
  clip: 1,
  until,
  logEvery: 12,
  every: { checkpoint: 8 },
  ...(found ? { state: found.state } : {}),
});
process.send?.({ began: found?.state.images ?? 0, warnings: found?.warnings ?? [] });
for await (const event of training) {
  if (event.type === "step") {
    const { imagesPerSecond: _, ...row } = event;
    await appendLog(folder, row);
  } else if (event.type === "due") {
    await saveCheckpoint(folder, event.state, { seed: 7 }, { keep: 3 });
    process.send?.("saved");
  }
}
process.send?.("done");
process.disconnect?.();
