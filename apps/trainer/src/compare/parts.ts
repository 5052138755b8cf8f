import { progressOf } from "../eval/samples/sample-settings.ts";
import { areCached, drawSamples } from "../eval/samples/samples.ts";
import { Exit } from "../output/exit.ts";
import type { Reporter } from "../output/reporter.ts";
import { UsageError } from "../output/usage.ts";
import type { Setting } from "./plan/plan.ts";

/** The part of a comparison that one call does: all of it, one of several, or only merging. */
export interface Part {
  readonly shard: readonly [which: number, of: number] | undefined;
  readonly merge: boolean;
  /** The settings of this part. */
  of(settings: readonly Setting[]): readonly Setting[];
}

/** The part that the flags choose. */
export function partOf({
  shard,
  merge = false,
}: {
  readonly shard?: readonly [number, number];
  readonly merge?: boolean;
}): Part {
  return {
    shard: merge ? undefined : shard,
    merge,
    of: (settings) => settings.filter((_, i) => shard === undefined || i % shard[1] === shard[0] - 1),
  };
}

/** Draws the samples of settings that are not cached. */
export async function drawMissing(
  settings: readonly Setting[],
  count: number,
  reporter: Reporter,
): Promise<void> {
  const progress = progressOf(reporter, settings.length * count);
  for (const [i, setting] of settings.entries()) {
    await setting.open((drawing) =>
      drawSamples(drawing.source, drawing.settings, count, (done, drawn) =>
        progress(i * count + done, drawn),
      ),
    );
  }
  reporter.close();
}

/** The first setting that is not complete, in words: another part has yet to do it. */
export async function firstMissing(settings: readonly Setting[], count: number): Promise<string | undefined> {
  for (const setting of settings) {
    const missing = (await setting.missing()) ?? ((await isDrawn(setting, count)) ? undefined : "drawn");
    if (missing !== undefined) return `${setting.name} is not ${missing}`;
  }
  return undefined;
}

function isDrawn(setting: Setting, count: number): Promise<boolean> {
  return setting.open(async ({ source, settings }) => areCached(source, settings, count));
}

/**
 * Ends a part whose others are not complete.
 *
 * @throws UsageError when everything was to be merged
 */
export function reportMissing(missing: string, { merge, shard }: Part, reporter: Reporter): number {
  if (merge || !shard) {
    throw new UsageError(`${missing} yet: there is no table before all parts are complete.`);
  }
  const [which, of] = shard;
  reporter.event(
    { event: "shard", shard: which, of, waiting: missing },
    `Part ${which} of ${of} is complete; ${missing} yet. The last part to end writes the table, or --merge.`,
  );
  return Exit.done;
}
