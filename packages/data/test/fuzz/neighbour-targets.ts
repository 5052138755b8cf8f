import { writeFileSync } from "node:fs";
import { join } from "node:path";
import type { Target } from "./target.ts";

/** Another folder of the repository, whose types are checked there. */
const from = (path: string): Promise<Record<string, (...args: unknown[]) => unknown>> =>
  import(new URL(`../../../../${path}`, import.meta.url).href);
const text = (value: unknown): Uint8Array => new TextEncoder().encode(`${JSON.stringify(value)}\n`);

const safetensors: Target = {
  name: "safetensors",
  async seeds() {
    const header = JSON.stringify({
      __metadata__: { a: "b" },
      x: { dtype: "F32", shape: [2, 3], data_offsets: [0, 24] },
      y: { dtype: "I64", shape: [2], data_offsets: [24, 40] },
    }).padEnd(160);
    const file = new Uint8Array(8 + header.length + 40);
    new DataView(file.buffer).setUint32(0, header.length, true);
    file.set(new TextEncoder().encode(header), 8);
    return [file];
  },
  async run(bytes) {
    const { readSafetensors } = await from("packages/weights/src/index.ts");
    return readSafetensors!(bytes, { file: "x" });
  },
};

const state: Target = {
  name: "state.json",
  async seeds() {
    const { factsOf, manifestText } = await from("packages/runs/src/checkpoint/manifest.ts");
    const { memoryStorage } = await from("packages/runs/src/storage/memory.ts");
    const run = memoryStorage!();
    const facts = await factsOf!(run, [Uint8Array.of(1, 2, 3)]);
    const files = { "model.safetensors": facts, "ema.safetensors": facts };
    const state = { images: 640, step: 10, sinceLog: 3 };
    const written = await manifestText!(run, state, files, { stream: "0123456789abcdef" });
    return [new TextEncoder().encode(String(written))];
  },
  async run(bytes) {
    const { readManifest } = await from("packages/runs/src/checkpoint/manifest.ts");
    const { memoryStorage } = await from("packages/runs/src/storage/memory.ts");
    const run = memoryStorage!() as { write(path: string, content: Uint8Array): Promise<void> };
    await run.write("x/state.json", bytes);
    return readManifest!(run, "x");
  },
};

const config: Target = {
  name: "config.json",
  seeds: async () => [
    text({
      name: "x",
      data: { source: "shapes", size: 16 },
      denoiser: { name: "ddpm-unet", width: 16, levels: [1, 2] },
      schedule: "cosine",
      train: { images: 100, batch: 10, learningRate: { name: "constant", rate: 1e-4 }, ema: null },
      every: { log: 10, samples: 50, checkpoint: 100 },
    }),
  ],
  async run(bytes, scratch) {
    const { loadRun } = await from("apps/trainer/src/config/load.ts");
    const path = join(scratch, "input.json");
    writeFileSync(path, bytes);
    return loadRun!(path, {});
  },
};

/** Parsers of the other packages. */
export const neighbourTargets: readonly Target[] = [safetensors, state, config];
