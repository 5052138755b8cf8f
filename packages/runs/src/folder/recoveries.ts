import { fail } from "@ddpm/core";
import type { LearningRate } from "@ddpm/trainer/authoring";
import * as z from "zod";
import { listCheckpoints } from "../checkpoint/layout.ts";
import { rewind } from "../checkpoint/rewind.ts";
import { placeOf, type RunStorage } from "../storage/storage.ts";
import { readText } from "../storage/text.ts";

/** Factor of a recovery on the learning rate. */
const FACTOR = 0.5;

const PATH = "recoveries.json";

/** A return of a run to a checkpoint, from which it continued with half the learning rate. */
export interface Recovery {
  /** Images seen at the checkpoint. */
  readonly from: number;
  /** Images seen where the loss or a gradient was not finite, or gradients exploded. */
  readonly diverged: number;
}

const schema: z.ZodType<Recovery[]> = z.array(
  z.strictObject({ from: z.int().min(0), diverged: z.int().min(0) }),
);

/**
 * The recoveries of a run so far, oldest first.
 *
 * @throws DdpmError when `recoveries.json` is damaged
 */
export async function readRecoveries(run: RunStorage): Promise<readonly Recovery[]> {
  const text = await readText(run, PATH);
  if (text === undefined) return [];
  try {
    return schema.parse(JSON.parse(text));
  } catch (cause) {
    const hint = "It states where the run continued with half the rate: without it, begin another run.";
    return fail("runs/recoveries", `${placeOf(run, PATH)} is damaged.`, hint, { cause });
  }
}

/** Images seen at the newest checkpoint at or before `images`; 0 where there is none. */
export async function checkpointUpTo(run: RunStorage, images: number): Promise<number> {
  const seen = await listCheckpoints(run);
  return seen.filter((at) => at <= images).at(-1) ?? 0;
}

/**
 * Returns a run to the checkpoint at `from` images: removes the later ones, and writes down that the learning rate is halved
 * from there. When the process is killed in between, the run diverges in the same way again, and recovers again.
 *
 * @param diverged images seen where it went wrong
 */
export async function recover(run: RunStorage, from: number, diverged: number): Promise<Recovery> {
  const recovery = { from, diverged };
  const before = await readRecoveries(run);
  await rewind(run, from);
  await run.write(PATH, `${JSON.stringify([...before, recovery])}\n`);
  return recovery;
}

/** The learning rate, halved by each recovery from where it returned to. */
export function rateAfter(recoveries: readonly Recovery[], rate: LearningRate): LearningRate {
  if (recoveries.length === 0) return rate;
  return {
    name: rate.name,
    at: (progress) =>
      rate.at(progress) * FACTOR ** recoveries.filter(({ from }) => progress.images >= from).length,
  };
}
