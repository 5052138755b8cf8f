import { existsSync } from "node:fs";
import { mkdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import { fail } from "@ddpm/core";
import { writeFileAtomic } from "@ddpm/trainer/node";
import { parseRun } from "../config/parse.ts";
import type { RunConfig } from "../config/schema.ts";

/** Where a run keeps what. */
export interface RunFolder {
  readonly path: string;
  readonly config: string;
  readonly log: string;
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
    config: join(path, "config.json"),
    log: join(path, "log.jsonl"),
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

/**
 * Makes the folder and writes its configuration, the first thing that a run leaves behind; of a run that was begun it
 * makes what is missing, and leaves the configuration as it is.
 */
export async function beginRun(folder: RunFolder, config: RunConfig): Promise<void> {
  await mkdir(folder.samples, { recursive: true });
  if (isRun(folder)) return;
  await writeFileAtomic(folder.config, `${JSON.stringify(config, null, 2)}\n`);
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
  const text = await readFile(folder.config, "utf8");
  try {
    return parseRun(JSON.parse(text), folder.config);
  } catch (cause) {
    return fail("run", `${folder.config} cannot be used: ${(cause as Error).message}`, undefined, { cause });
  }
}
