import type { StartedBackend } from "@ddpm/backends/authoring";
import { random } from "@ddpm/core";
import { parseRun, presets } from "@ddpm/runs";
import { initialState, trainingLoop } from "@ddpm/trainer";
import { buildRun } from "../build.ts";

const SIDE = 16;

/**
 * Images per second of training the quickstart's network on noise, once warm.
 *
 * @param seconds how long to measure
 */
export async function trainingSpeed(backend: StartedBackend, seconds: number): Promise<number> {
  const config = parseRun(presets.create("quickstart"), "quickstart");
  const { ema: _, ...parts } = await buildRun(config);
  const { batch } = config.train;
  const stream = random(0);
  const images = {
    shape: [SIDE, SIDE, 3] as const,
    length: batch,
    fingerprint: "noise",
    read: async (_first: number, count: number) => ({
      data: stream.normals(count * SIDE * SIDE * 3),
      shape: [count, SIDE, SIDE, 3] as const,
    }),
  };
  const options = {
    ...parts,
    images,
    batch,
    seed: 0,
    until: Number.MAX_SAFE_INTEGER,
    logEvery: batch,
    state: initialState({ ...parts, seed: 0 }),
    ...(backend.compile ? { compile: backend.compile } : {}),
  };
  let started = 0;
  let warm = 0;
  for await (const event of trainingLoop(options)) {
    if (event.images <= 3 * batch) {
      started = performance.now();
      warm = event.images;
    } else if (performance.now() - started > seconds * 1000) {
      return ((event.images - warm) * 1000) / (performance.now() - started);
    }
  }
  return Number.NaN;
}
