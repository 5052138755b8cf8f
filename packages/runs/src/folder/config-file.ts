import { fail } from "@ddpm/core";
import { listCheckpoints } from "../checkpoint/layout.ts";
import { parseRun } from "../config/parse.ts";
import type { RunConfig } from "../config/schema.ts";
import { decodeSettings, parseSettings } from "../config/settings-text.ts";
import { placeOf, type RunStorage } from "../storage/storage.ts";
import { readText } from "../storage/text.ts";

const PATH = "config.json";

/** Whether a run was begun in a folder: its configuration is the first file that it writes. */
export async function isRun(run: RunStorage): Promise<boolean> {
  return (await run.list("")).includes(PATH);
}

/** What a folder holds before a training: another process may change it until it is locked. */
export interface FoundRun {
  readonly begun: boolean;
  /** Images seen at the newest checkpoint; undefined where there is none. */
  readonly newest: number | undefined;
}

/** What a folder holds now. */
export async function foundRun(run: RunStorage): Promise<FoundRun> {
  return { begun: await isRun(run), newest: (await listCheckpoints(run)).at(-1) };
}

/**
 * The configuration of a run.
 *
 * @throws DdpmError when there is no run, or its configuration is damaged
 */
export async function readRunConfig(run: RunStorage): Promise<RunConfig> {
  const place = placeOf(run, PATH);
  const bytes =
    (await run.read(PATH)) ??
    fail(
      "runs/config",
      `${run.location} is not a run: it has no config.json.`,
      "Give the folder of a run, which `ddpm train --out` names.",
    );
  try {
    return parseRun(parseSettings(decodeSettings(bytes, place, "runs/config"), place, "runs/config"), place);
  } catch (cause) {
    const { message } = cause as Error;
    return fail("runs/config", `${place} cannot be used: ${message}`, undefined, { cause });
  }
}

/** Writes the configuration of a run. */
export async function writeRunConfig(run: RunStorage, config: RunConfig): Promise<void> {
  await run.write(PATH, textOf(config));
}

/**
 * Writes the configuration of a run that begins, or that resumes with other settings than before: its length, or the source of
 * its images. `train.minutes` holds for one call only: a resumed run keeps those that it was begun with.
 */
export async function updateRunConfig(run: RunStorage, config: RunConfig): Promise<void> {
  if (!(await isRun(run))) return writeRunConfig(run, config);
  const { minutes } = (await readRunConfig(run)).train;
  const { minutes: _, ...train } = config.train;
  const updated = { ...config, train: minutes === undefined ? train : { ...config.train, minutes } };
  if ((await readText(run, PATH)) !== textOf(updated)) await writeRunConfig(run, updated);
}

function textOf(config: RunConfig): string {
  return `${JSON.stringify(config, null, 2)}\n`;
}
