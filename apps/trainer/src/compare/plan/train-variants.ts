import { existsSync } from "node:fs";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { useBackend } from "@ddpm/backends";
import { fail, isDdpmError } from "@ddpm/core";
import { listCheckpoints } from "@ddpm/runs";
import { checkDrawing, checkHeldOut } from "@ddpm/runs/authoring";
import { disposeState } from "@ddpm/trainer";
import { Exit } from "../../output/exit.ts";
import type { Reporter } from "../../output/reporter.ts";
import { asUsage } from "../../output/usage.ts";
import { checkLater } from "../../run/check-data.ts";
import { type RunFolder, runFolder } from "../../run/folder.ts";
import { prepare } from "../../run/prepare.ts";
import { runToEnd } from "../../run/training.ts";
import { folderName, type Variant } from "./variants.ts";

/** A variant's run, in the folder of the comparison. */
export function folderOfVariant(out: string, { name }: Variant): RunFolder {
  return runFolder(join(out, folderName(name)));
}

/** Whether its training is complete: all images were seen, and the last samples are on its page. */
export async function isTrained(out: string, variant: Variant): Promise<boolean> {
  const folder = folderOfVariant(out, variant);
  const { finalGrid, report } = folder;
  if (!existsSync(finalGrid) || !existsSync(report)) return false;
  if ((await seenBy(folder)) < variant.config.train.images) return false;
  return (await readFile(report, "utf8")).includes((await readFile(finalGrid)).toString("base64"));
}

async function seenBy({ storage }: RunFolder): Promise<number> {
  return (await listCheckpoints(storage)).at(-1) ?? 0;
}

/**
 * Trains all variants in slices, one after the other, so that all share the conditions of the machine. Slices do not change
 * the result; a stopped call resumes.
 *
 * @returns the exit status
 */
export async function trainInTurn(
  variants: readonly Variant[],
  out: string,
  flags: { readonly backend: string; readonly threads?: number; readonly slices: number },
  reporter: Reporter,
): Promise<number> {
  await asUsage(async () => {
    await useBackend(flags.backend, flags);
    for (const variant of variants) await checkVariant(variant);
  });
  for (let slice = 1; slice <= flags.slices; slice++) {
    for (const variant of variants) {
      const folder = folderOfVariant(out, variant);
      const { images } = variant.config.train;
      const pauseAt = Math.ceil((images * slice) / flags.slices);
      const last = slice === flags.slices;
      if (last ? await isTrained(out, variant) : (await seenBy(folder)) >= pauseAt) continue;
      const quiet = reporterOf(reporter, variant.name);
      const prepared = await prepare(variant.config, folder, flags, quiet);
      if ((prepared.resumed?.images ?? 0) >= pauseAt && !last) {
        disposeState(prepared.resumed!);
        await prepared.stream.close?.();
        continue;
      }
      const { status } = await runToEnd(prepared, quiet, last ? undefined : pauseAt);
      if (status !== Exit.done) return status;
    }
    reporter.event(
      { event: "slice", slice, slices: flags.slices },
      `trained: slice ${slice} of ${flags.slices} of ${variants.length} settings`,
    );
  }
  return Exit.done;
}

/** Builds the parts of a variant and takes one step with them, before any training. */
async function checkVariant({ name, config }: Variant): Promise<void> {
  try {
    const parts = await checkLater(config);
    await checkHeldOut(config, parts);
    await checkDrawing(config, parts);
  } catch (error) {
    if (!isDdpmError(error)) throw error;
    fail("cli/train-variants", `${name}: ${error.message}`, undefined, { cause: error });
  }
}

/** Reports progress with the name of the variant, and interruptions. */
function reporterOf(reporter: Reporter, name: string): Reporter {
  return {
    say() {},
    preview() {},
    progress: (progress) =>
      reporter.progress({ ...progress, note: `${name}  ${progress.note ?? ""}`.trimEnd() }),
    event(event) {
      if (event.event === "interrupted")
        reporter.event(
          { ...event, setting: name },
          `Stopped, everything saved. Run the same command to resume.`,
        );
      if (event.event === "recovery")
        reporter.event(
          { ...event, setting: name },
          `${name}: returned from ${event.diverged} images to ${event.from}, with half the learning rate.`,
        );
    },
    close: () => reporter.close(),
  };
}
