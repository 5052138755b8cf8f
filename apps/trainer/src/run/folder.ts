import { existsSync } from "node:fs";
import { readFile, rm } from "node:fs/promises";
import { join } from "node:path";
import { fail } from "@ddpm/core";
import type { RunConfig } from "@ddpm/runs";
import { listCheckpoints, parseRun, type RunStorage } from "@ddpm/runs";
import { fsStorage, makeFolder, writeFileAtomic } from "@ddpm/runs/node";
import { readSettings } from "../config/json-text.ts";

/** Where a run keeps what. */
export interface RunFolder {
  readonly path: string;
  /** The same folder as a storage. */
  readonly storage: RunStorage;
  readonly config: string;
  readonly samples: string;
  /** The grid drawn when training is over. */
  readonly finalGrid: string;
  readonly lossChart: string;
  /** The page with everything on it. */
  readonly report: string;
}

/** The files of the run folder at `path`, there or not. */
export function runFolder(path: string): RunFolder {
  return {
    path,
    storage: fsStorage(path),
    config: join(path, "config.json"),
    samples: join(path, "samples"),
    finalGrid: join(path, "samples", "final.png"),
    lossChart: join(path, "loss.svg"),
    report: join(path, "report.html"),
  };
}

/** Whether a run was begun here. */
export function isRun({ config }: RunFolder): boolean {
  return existsSync(config);
}

/** What a folder holds before a training: another process may change it until it is locked. */
export interface FoundRun {
  readonly begun: boolean;
  /** Images seen at the newest checkpoint. */
  readonly newest: number | undefined;
}

/** What a folder holds now. */
export async function foundIn(folder: RunFolder): Promise<FoundRun> {
  return { begun: isRun(folder), newest: (await listCheckpoints(folder.storage)).at(-1) };
}

/**
 * Makes the folder and writes its configuration, the first thing that a run leaves behind. Of a run that was begun it
 * makes what is missing, and writes the configuration again where it was resumed with other settings than before: its
 * length, or where its images are. Minutes hold for one call only.
 */
export async function beginRun(folder: RunFolder, config: RunConfig): Promise<void> {
  const folders = [folder.samples, join(folder.path, "checkpoints")];
  const begun = isRun(folder);
  try {
    for (const path of folders) await makeFolder(path);
    const { minutes } = begun ? (await readRunConfig(folder)).train : config.train;
    const { minutes: _, ...train } = config.train;
    const kept = { ...config, train: minutes === undefined ? train : { ...config.train, minutes } };
    const text = `${JSON.stringify(kept, null, 2)}\n`;
    if (text !== (begun ? await readFile(folder.config, "utf8") : ""))
      await writeFileAtomic(folder.config, text);
  } catch (error) {
    if (!begun) for (const path of folders) await rm(path, { recursive: true, force: true });
    throw error;
  }
}

/**
 * The configuration of a run.
 *
 * @throws DdpmError when there is no run, or its configuration is damaged
 */
export async function readRunConfig(folder: RunFolder): Promise<RunConfig> {
  if (!isRun(folder)) {
    fail(
      "run",
      `${folder.path} is no run: it has no config.json.`,
      "Give the folder that `ddpm train --out` wrote.",
    );
  }
  try {
    return parseRun(await readSettings(folder.config, "run"), folder.config);
  } catch (cause) {
    return fail("run", `${folder.config} cannot be used: ${(cause as Error).message}`, undefined, { cause });
  }
}
