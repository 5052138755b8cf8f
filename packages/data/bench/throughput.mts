// Pictures per second of CPU and of clock: the codec alone, to bytes of the same size, and the whole way to batches of
// floats, in the order of a shuffled epoch, with what is asked for here: mirrored (unless --flip no), cropped from a
// larger size, with EDM's augmentations. The codec alone does none of these; it is given each file's bytes, read just
// before, since it is slower when it is given paths, as a line beside it shows. Ways take turns within each round.
// node --conditions=@ddpm/source --import tsx bench/throughput.mts FOLDER [--size 64 --crop 56 --flip no --augment 0.12]
//   [--rounds 7 --count 600]
import { readFile } from "node:fs/promises";
import { availableParallelism } from "node:os";
import { join } from "node:path";
import { parseArgs } from "node:util";
import sharp from "sharp";
import { imageStream } from "../src/index.ts";
import { type DataWorkers, dataWorkers, type OpenedDataset, openDataset } from "../src/node/index.ts";

const text = { type: "string" } as const;
const { positionals, values } = parseArgs({
  allowPositionals: true,
  options: { size: text, crop: text, flip: text, augment: text, rounds: text, count: text },
});
const folder = positionals[0] ?? ".";
const [size, rounds, count] = [
  Number(values.size ?? 64),
  Number(values.rounds ?? 7),
  Number(values.count ?? 600),
];
const BATCH = 64;
const AT_ONCE = 4 * availableParallelism();

const asked = {
  ...(values.flip === "no" ? { flip: false } : {}),
  ...(values.crop ? { crop: Number(values.crop) } : {}),
  ...(values.augment ? { augment: Number(values.augment) } : {}),
};

const listing = await openDataset(folder, { size, cache: 0 });
const files = listing.encoded!.names.map((name) => join(listing.path, name));

/** What the codec library does when it is asked for the same pixels, some at a time. */
async function codecAlone(byPath: boolean): Promise<void> {
  let next = 0;
  const lane = async (): Promise<void> => {
    while (next < count) {
      const file = files[next++ % files.length]!;
      const image = sharp(byPath ? file : await readFile(file), { failOn: "error" })
        .autoOrient()
        .flatten({ background: "white" });
      await image.resize(size, size, { fit: "cover" }).toColourspace("srgb").raw().toBuffer();
    }
  };
  await Promise.all(Array.from({ length: AT_ONCE }, lane));
}

/** Batches as a trainer reads them: one being used while the next is read. */
async function batches(set: OpenedDataset, workers?: DataWorkers): Promise<void> {
  const stream = imageStream(set, { seed: 0, workers, ...asked });
  let pending = stream.read(0, BATCH);
  for (let first = BATCH; first < count; first += BATCH) {
    await pending;
    pending = stream.read(first, Math.min(BATCH, count - first));
  }
  await pending;
  await stream.close?.();
}

const one = dataWorkers({ count: 1 });
const two = dataWorkers({ count: 2 });
const [ofOne, ofTwo] = [
  await openDataset(folder, { size, cache: 0, workers: one }),
  await openDataset(folder, { size, cache: 0, workers: two }),
];
const ways: Record<string, () => Promise<void>> = {
  "codec alone": () => codecAlone(false),
  "by path": () => codecAlone(true),
  "this thread": () => batches(listing),
  "1 worker": () => batches(ofOne, one),
  "2 workers": () => batches(ofTwo, two),
};
const seconds = new Map<string, { clock: number[]; cpu: number[] }>();
for (let round = -1; round < rounds; round++)
  for (const [name, run] of Object.entries(ways)) {
    const [cpu, clock] = [process.cpuUsage(), performance.now()];
    await run();
    const spent = process.cpuUsage(cpu);
    if (round < 0) continue;
    const times = seconds.get(name) ?? { clock: [], cpu: [] };
    times.clock.push((performance.now() - clock) / 1000);
    times.cpu.push((spent.user + spent.system) / 1e6);
    seconds.set(name, times);
  }
const median = (numbers: readonly number[]): number =>
  numbers.toSorted((a, b) => a - b)[numbers.length >> 1]!;
const alone = seconds.get("codec alone")!;
for (const [name, { clock, cpu }] of seconds) {
  const ratios = clock.map((time, i) => alone.clock[i]! / time);
  const cpuRatios = cpu.map((time, i) => alone.cpu[i]! / time);
  console.log(
    `${name.padEnd(12)} ${(count / median(clock)).toFixed(0).padStart(6)} pictures/s (${(100 * median(ratios)).toFixed(0)} % of the codec), ${(count / median(cpu)).toFixed(0).padStart(6)} per CPU second (${(100 * median(cpuRatios)).toFixed(0)} %)`,
  );
}
await Promise.all([one.close(), two.close()]);
