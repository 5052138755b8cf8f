import { mkdtemp, readdir, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { getHeapStatistics } from "node:v8";
import { isDdpmError, random } from "@ddpm/core";
import { mutated } from "./mutate.ts";
import type { Target } from "./target.ts";

/** What a parser did that it must not, and the input. */
export interface Finding {
  readonly target: string;
  /** Number of the input: the same seed and number give the same bytes. */
  readonly number: number;
  readonly what: string;
  readonly bytes: Uint8Array;
}

/** What fuzzing a parser gave. */
export interface FuzzResult {
  readonly runs: number;
  /** Refused with a DdpmError. */
  readonly refused: number;
  /** Of processor time. */
  readonly slowestMilliseconds: number;
  readonly largestMegabytes: number;
  readonly findings: readonly Finding[];
}

/** Most processor time for one input, in milliseconds: the clock would count what other programs do. */
const PATIENCE = 1000;
/** Milliseconds of the clock after which an input hangs, however little it does. */
const HANGS = 60_000;
/** Most memory beyond what was there before an input, for an empty one; and for each of its bytes. */
const [MEMORY, FACTOR] = [48 * 2 ** 20, 1100];

/** Milliseconds of processor time that this process has taken: of all threads, so that a parser's own count. */
function processorTime(): number {
  const { user, system } = process.cpuUsage();
  return (user + system) / 1000;
}

/** Bytes of objects and of array buffers; `process.memoryUsage` reads a file for what more it knows. */
function memory(): number {
  const { used_heap_size, external_memory } = getHeapStatistics();
  return used_heap_size + external_memory;
}

/** Settles as what is given does, or fails where that never does. */
async function settled(running: unknown): Promise<void> {
  if (!(running instanceof Promise)) return;
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise((_, reject) => {
    timer = setTimeout(() => reject(new Error(`not done after ${HANGS} ms`)), HANGS);
  });
  try {
    await Promise.race([running, late]);
  } finally {
    clearTimeout(timer);
  }
}

/**
 * Runs a parser on mutated files: input k is a function of (seed, k).
 *
 * @param beat called before each input, so that a watchdog sees a hang
 */
export async function runTarget(
  target: Target,
  { seed, count, first = 0 }: { seed: number; count: number; first?: number },
  beat: (number: number) => void = () => {},
): Promise<FuzzResult> {
  const root = random(seed).fork(target.name);
  const seeds = await target.seeds();
  const scratch = await mkdtemp(join(tmpdir(), "data-fuzz-"));
  const findings: Finding[] = [];
  let [refused, slowest, largest] = [0, 0, 0];
  try {
    for (const sound of seeds) await target.run(sound, scratch);
    const allowed = new Set([...(await readdir(scratch)), ...(target.writes ?? [])]);
    for (let number = first; number < first + count; number++) {
      const from = root.fork(number);
      const bytes = mutated(seeds[from.integer(seeds.length)]!, seeds[from.integer(seeds.length)]!, from);
      const found = (what: string): void => void findings.push({ target: target.name, number, what, bytes });
      beat(number);
      const before = memory();
      const began = processorTime();
      try {
        await settled(target.run(bytes, scratch));
      } catch (error) {
        if (isDdpmError(error)) refused++;
        else found(error instanceof Error ? (error.stack ?? error.message) : String(error));
      }
      let took = processorTime() - began;
      // Another thread may have been at work: what is slow by itself is slow each time.
      for (let again = 0; took > PATIENCE && again < 3; again++) {
        const from = processorTime();
        await (async () => settled(target.run(bytes.slice(), scratch)))().catch(() => {});
        took = Math.min(took, processorTime() - from);
      }
      const grown = memory() - before;
      [slowest, largest] = [Math.max(slowest, took), Math.max(largest, grown)];
      if (took > PATIENCE) found(`took ${Math.round(took)} ms of processor time`);
      if (grown > MEMORY + FACTOR * bytes.length) found(`took ${grown} bytes of memory for ${bytes.length}`);
      if (number % 512 === 0) {
        const strange = (await readdir(scratch)).filter(
          (name) => !allowed.has(name) && !name.startsWith("input"),
        );
        if (strange.length > 0) found(`wrote ${strange.join(", ")}`);
      }
    }
  } finally {
    await rm(scratch, { recursive: true, force: true });
  }
  return {
    runs: count,
    refused,
    slowestMilliseconds: slowest,
    largestMegabytes: largest / 2 ** 20,
    findings,
  };
}
