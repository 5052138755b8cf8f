import { existsSync } from "node:fs";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { fail } from "@ddpm/core";
import { listCheckpoints, rewind } from "@ddpm/runs";
import { writeFileAtomic } from "@ddpm/runs/node";
import type { LearningRate } from "@ddpm/trainer";
import { z } from "zod";
import type { RunFolder } from "./folder.ts";

/** Each rescue halves the rate. */
const FACTOR = 0.5;

const schema = z.array(
  z.strictObject({
    /** Images that the run went back to. */
    from: z.int().min(0),
    /** Images at which it went wrong: where the loss or a gradient was no number, where gradients exploded. */
    diverged: z.int().min(0),
  }),
);

/** A run that went back, and where. */
export type Rescue = z.output<typeof schema>[number];

const pathOf = (folder: RunFolder): string => join(folder.path, "rescues.json");

/** What a run was rescued from so far, oldest first. */
export async function rescuesOf(folder: RunFolder): Promise<readonly Rescue[]> {
  const path = pathOf(folder);
  if (!existsSync(path)) return [];
  try {
    return schema.parse(JSON.parse(await readFile(path, "utf8")));
  } catch (cause) {
    const hint = "It says where the run went back and on with half the rate: without it, begin another run.";
    return fail("run", `${path} is damaged.`, hint, { cause });
  }
}

/** Images at the newest checkpoint with at most so many; 0 where there is none. */
export async function checkpointUpTo({ storage }: RunFolder, images: number): Promise<number> {
  const seen = await listCheckpoints(storage);
  return seen.filter((at) => at <= images).at(-1) ?? 0;
}

/**
 * Goes back: gives up the checkpoints after `from` images, and writes down that the rate is half of what it was from there.
 * Killed between the two, the run goes wrong in the same way again, and goes back again.
 *
 * @param diverged images at which it went wrong
 */
export async function goBack(folder: RunFolder, from: number, diverged: number): Promise<Rescue> {
  const made = { from, diverged };
  const before = await rescuesOf(folder);
  await rewind(folder.storage, from);
  await writeFileAtomic(pathOf(folder), `${JSON.stringify([...before, made])}\n`);
  return made;
}

/** The rate with what each rescue took from it, from where the run went back to. */
export function slowed(rate: LearningRate, rescues: readonly Rescue[]): LearningRate {
  if (rescues.length === 0) return rate;
  return {
    name: rate.name,
    at: (progress) =>
      rate.at(progress) * FACTOR ** rescues.filter(({ from }) => progress.images >= from).length,
  };
}
