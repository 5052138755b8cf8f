// Pictures per second of CPU and of clock: the codec alone, to bytes of the same size, and the whole way to batches of
// floats, in the order of a shuffled epoch, with what is asked for here: mirrored (unless --flip no), cropped from a
// larger size, with EDM's augmentations. The codec alone does none of these; it is given each file's bytes, read just
// before in the same order, since it is slower when it is given paths, as a line of its own shows. Ways alternate within
// each round. What is decoded ahead is counted as in a long training: from the end of a first batch to that of the last.
// node --conditions=@ddpm/source --import tsx bench/throughput.mts FOLDER [--size 64 --crop 56 --flip no --augment 0.12]
//   [--rounds 7 --count 600]
import { readFile } from "node:fs/promises";
import { availableParallelism } from "node:os";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { random } from "@ddpm/core";
import sharp from "sharp";
import { imageStream } from "../src/index.ts";
import { type DataWorkers, dataWorkers, type OpenedDataset, openDataset } from "../src/node/index.ts";
import { epochOrder } from "../src/stream/epoch-order.ts";

const text = { type: "string" } as const;
const { positionals, values } = parseArgs({
  allowPositionals: true,
  options: { size: text, crop: text, flip: text, augment: text, rounds: text, count: text },
});
const folder = positionals[0] ?? ".";
const BATCH = 64;
const [size, rounds, count] = [
  Number(values.size ?? 64),
  Number(values.rounds ?? 7),
  BATCH * Math.ceil(Number(values.count ?? 600) / BATCH),
];
const AT_ONCE = 4 * availableParallelism();

const asked = {
  ...(values.flip === "no" ? { flip: false } : {}),
  ...(values.crop ? { crop: Number(values.crop) } : {}),
  ...(values.augment ? { augment: Number(values.augment) } : {}),
};

const listing = await openDataset(folder, { size, cache: 0 });
const orders = epochOrder(listing.length, random(0).fork("order"));
const fileOf = (k: number): string =>
  join(listing.path, listing.encoded!.names[orders(Math.floor(k / listing.length))[k % listing.length]!]!);

/** Seconds since it began. */
interface Spent {
  readonly clock: number;
  readonly cpu: number;
}

function watch(): () => Spent {
  const [cpu, clock] = [process.cpuUsage(), performance.now()];
  return () => {
    const { user, system } = process.cpuUsage(cpu);
    return { clock: (performance.now() - clock) / 1000, cpu: (user + system) / 1e6 };
  };
}

/** What the codec library does when it is asked for the same pixels, some at a time. */
async function codecAlone(byPath: boolean): Promise<Spent> {
  let next = 0;
  const lane = async (): Promise<void> => {
    while (next < count) {
      const file = fileOf(next++);
      const image = sharp(byPath ? file : await readFile(file), { failOn: "error" })
        .autoOrient()
        .flatten({ background: "white" });
      await image.resize(size, size, { fit: "cover" }).toColourspace("srgb").raw().toBuffer();
    }
  };
  const spent = watch();
  await Promise.all(Array.from({ length: AT_ONCE }, lane));
  return spent();
}

/** Batches as a trainer reads them: one being used while the next is read. */
async function batches(set: OpenedDataset, workers?: DataWorkers): Promise<Spent> {
  const stream = imageStream(set, { seed: 0, workers, ...asked });
  let pending = stream.read(0, BATCH);
  await pending;
  const began = watch();
  for (let first = BATCH; first < count + BATCH; first += BATCH) {
    await pending;
    pending = stream.read(first, BATCH);
  }
  await pending;
  const spent = began();
  await stream.close?.();
  // What was begun ahead ends before this does.
  await set.image(0);
  await new Promise((resolve) => setTimeout(resolve, 50));
  return spent;
}

const one = dataWorkers({ count: 1 });
const two = dataWorkers({ count: 2 });
const [ofOne, ofTwo] = [
  await openDataset(folder, { size, cache: 0, workers: one }),
  await openDataset(folder, { size, cache: 0, workers: two }),
];
const ways: Record<string, () => Promise<Spent>> = {
  "codec alone": () => codecAlone(false),
  "by path": () => codecAlone(true),
  "this thread": () => batches(listing),
  "1 worker": () => batches(ofOne, one),
  "2 workers": () => batches(ofTwo, two),
};
const seconds = new Map<string, Spent[]>(Object.keys(ways).map((name) => [name, []]));
for (let round = -1; round < rounds; round++)
  for (const [name, run] of Object.entries(ways)) {
    const spent = await run();
    if (round >= 0) seconds.get(name)!.push(spent);
  }
const median = (numbers: readonly number[]): number =>
  numbers.toSorted((a, b) => a - b)[numbers.length >> 1]!;
const alone = seconds.get("codec alone")!;
for (const [name, spent] of seconds) {
  const of = (kind: keyof Spent): string => {
    const ratio = median(spent.map((one, i) => alone[i]![kind] / one[kind]));
    return `${(count / median(spent.map((one) => one[kind]))).toFixed(0).padStart(6)} per second of ${kind} (${(100 * ratio).toFixed(0)} % of the codec)`;
  };
  console.log(`${name.padEnd(12)} ${of("clock")}, ${of("cpu")}`);
}
await Promise.all([one.close(), two.close()]);
