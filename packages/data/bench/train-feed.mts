// Training on pictures from disk against training on the same pixels from memory, alternating within one process. From disk:
// as JPEGs, decoded at every look (`--cache none`), or as pixels that were decoded once (`--cache folder`).
// node --conditions=@ddpm/source --import tsx bench/train-feed.mts
//   [--turns 8 --steps 10 --batch 32 --backend onnx --cache folder]
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { parseArgs } from "node:util";
import sharp from "sharp";
import { imageStream, shapes } from "../src/index.ts";
import { dataWorkers, openDataset } from "../src/node/index.ts";

/** Other folders of the repository, whose types are checked there. */
// biome-ignore lint/suspicious/noExplicitAny: a script that measures
const from = (path: string): Promise<any> => import(new URL(`../../../${path}`, import.meta.url).href);
const text = { type: "string" } as const;
const { values } = parseArgs({
  options: { turns: text, steps: text, batch: text, backend: text, cache: text },
});
const [turns, steps, batch] = [
  Number(values.turns ?? 8),
  Number(values.steps ?? 10),
  Number(values.batch ?? 32),
];

const folder = await mkdtemp(join(tmpdir(), "train-feed-"));
const drawn = shapes({ size: 32, count: 1200 });
for (let i = 0; i < drawn.length; i++) {
  const { pixels } = await drawn.image(i);
  const raw = { width: 32, height: 32, channels: 3 } as const;
  const file = join(folder, `${String(i).padStart(5, "0")}.jpg`);
  await writeFile(file, await sharp(pixels, { raw }).resize(96).jpeg().toBuffer());
}
const workers = dataWorkers({ count: 1 });
const cache = values.cache === "none" ? 0 : await mkdtemp(join(tmpdir(), "train-feed-cache-"));
const disk = await openDataset(folder, { size: 32, cache, workers });
if (cache !== 0) for (let i = 0; i < disk.length; i++) await disk.image(i);
const kept = await openDataset(folder, { size: 32 });
const images = await Promise.all(Array.from({ length: kept.length }, (_, i) => kept.image(i)));
const memory = { ...kept, image: (index: number) => images[index]! };

const { loadRun } = await from("apps/trainer/src/config/load.ts");
const { buildRun } = await from("apps/trainer/src/run/build.ts");
const { useBackend } = await from("packages/backends/src/node/index.ts");
const { train, initialState } = await from("packages/trainer/src/index.ts");
const backend = await useBackend(values.backend ?? "onnx", {});
const config = await loadRun("quickstart", {});
const parts = await buildRun({ ...config, denoiser: { ...config.denoiser, channels: 3 } });

const training = (stream: unknown): AsyncGenerator<{ type: string; imagesPerSecond?: number }> =>
  train({
    ...parts,
    images: stream,
    batch,
    clip: 1,
    seed: 0,
    until: batch * steps * (turns + 2),
    state: initialState({ ...parts, seed: 0 }),
    logEvery: batch * steps,
    ...(backend.compile ? { compile: backend.compile } : {}),
  });
const runs = {
  memory: training(imageStream(memory, { seed: 0 })),
  disk: training(imageStream(disk, { seed: 0, workers })),
};
const rates: Record<string, number[]> = { memory: [], disk: [] };
for (let turn = -1; turn < turns; turn++)
  for (const [name, run] of Object.entries(runs)) {
    const cpu = process.cpuUsage();
    const { value } = await run.next();
    const { user, system } = process.cpuUsage(cpu);
    if (turn >= 0) rates[name]!.push(value.imagesPerSecond);
    console.log(
      `${name.padEnd(7)} ${value.imagesPerSecond.toFixed(1)} images/s, ${((user + system) / 1000 / batch / steps).toFixed(2)} ms of CPU per image`,
    );
  }
const ratios = rates.disk!.map((rate, i) => rate / rates.memory![i]!).sort((a, b) => a - b);
console.log(
  `disk / memory: median ${ratios[ratios.length >> 1]!.toFixed(3)}, from ${ratios[0]!.toFixed(3)} to ${ratios.at(-1)!.toFixed(3)}`,
);
await workers.close();
for (const path of [folder, cache]) if (path !== 0) await rm(path, { recursive: true });
process.exit();
