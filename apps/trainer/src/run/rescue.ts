import { existsSync } from "node:fs";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { fail } from "@ddpm/core";
import { divergence, type LearningRate } from "@ddpm/trainer";
import { writeFileAtomic } from "@ddpm/trainer/node";
import { z } from "zod";
import type { RunFolder } from "./folder.ts";

/** Each rescue halves the rate. */
const FACTOR = 0.5;

const schema = z.array(
  z.strictObject({
    /** Images that the run went back to. */
    from: z.int().min(0),
    /** Images at which the loss or a gradient was no number. */
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

/**
 * Decides whether a training that ended with `error` goes back to `from` images and on with half the rate. It is
 * written down before it is done, so that a resumed run does the same.
 *
 * @param allowed rescues that a run may have
 * @returns the rescue, or undefined where the error is another one or there were enough
 */
export async function rescue(
  folder: RunFolder,
  error: unknown,
  from: number,
  allowed: number,
): Promise<Rescue | undefined> {
  const what = divergence(error);
  const before = await rescuesOf(folder);
  if (!what || before.length >= allowed) return undefined;
  const made = { from, diverged: what.images };
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
