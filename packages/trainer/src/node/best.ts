import { join } from "node:path";
import { fail } from "@ddpm/core";
import { z } from "zod";
import { writeFileAtomic } from "./atomic.ts";
import { disk, type Files, hasCode } from "./files.ts";
import { checkpointsOf, nameOf } from "./layout.ts";

/** The checkpoint with the lowest metric so far. */
export interface BestCheckpoint {
  /** Images seen: names the checkpoint. */
  readonly images: number;
  /** What was measured, e.g. `heldOutLoss`. */
  readonly metric: string;
  readonly value: number;
}

const schema: z.ZodType<BestCheckpoint> = z.strictObject({
  images: z.int().min(0),
  metric: z.string().min(1),
  value: z.number(),
});

const pathOf = (run: string): string => join(checkpointsOf(run), "best.json");

/** Says which checkpoint is the best: it must be there, and `saveCheckpoint` keeps it from now on. */
export async function markBest(
  run: string,
  { images, metric, value }: BestCheckpoint,
  files: Files = disk,
): Promise<void> {
  await files.stat(join(checkpointsOf(run), nameOf(images), "state.json")).catch((cause: unknown) => {
    fail("trainer/checkpoint", `there is no checkpoint at ${images} images to call the best.`, undefined, {
      cause,
    });
  });
  await writeFileAtomic(pathOf(run), `${JSON.stringify({ images, metric, value })}\n`, files);
}

/**
 * The best checkpoint, where one was marked.
 *
 * @throws DdpmError when the mark is damaged
 */
export async function readBest(run: string, files: Files = disk): Promise<BestCheckpoint | undefined> {
  const text = await files.readFile(pathOf(run), "utf8").catch((error: unknown) => {
    if (hasCode(error, "ENOENT")) return undefined;
    throw error;
  });
  if (text === undefined) return undefined;
  try {
    return schema.parse(JSON.parse(text));
  } catch (cause) {
    return fail(
      "trainer/checkpoint",
      `${pathOf(run)} is damaged.`,
      "Delete it: the next measurement marks anew.",
      {
        cause,
      },
    );
  }
}

/** Takes a mark back that lies after `images`, for a run that goes on from there. */
export async function resumeBest(run: string, images: number, files: Files = disk): Promise<void> {
  const best = await readBest(run, files);
  if (best && best.images > images) await files.rm(pathOf(run), { force: true });
}
