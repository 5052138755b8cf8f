import { existsSync } from "node:fs";
import { join, resolve } from "node:path";
import { listCheckpoints, type RunConfig } from "@ddpm/runs";
import { isRun, readRunConfig, startOf } from "@ddpm/runs/authoring";
import { lockFolder } from "@ddpm/runs/node";
import { checkUnlocked, type FolderLock, writeFileAtomic } from "@ddpm/runs/node/authoring";
import type { LoadedStage } from "../config/load.ts";
import { Exit } from "../output/exit.ts";
import type { Reporter } from "../output/reporter.ts";
import { asUsage } from "../output/usage.ts";
import { checkLater } from "./check-data.ts";
import { type RunFolder, runFolder } from "./folder.ts";
import { headline } from "./plan.ts";
import { type Prepared, prepare } from "./prepare.ts";
import type { Outcome } from "./training.ts";

/** A run in several stages: a folder with `stages.json` and a run's folder for each, `1-all`, `2-class` say. */
export interface StagedRun {
  readonly path: string;
  readonly stages: readonly LoadedStage[];
}

/** What all stages are, in the folder of a run in several: see {@link StagedRun}. */
export function stagesFile(path: string): string {
  return join(path, "stages.json");
}

/** Whether a run in several stages was begun here. */
export function isStaged(path: string): boolean {
  return existsSync(stagesFile(path));
}

/**
 * Trains one stage after the other, each with the weights of the one before, a fresh optimiser and a fresh average.
 * Stages that are over are left alone, so the same call resumes wherever the run was stopped.
 *
 * @param train trains one stage
 * @returns the exit status
 */
export async function runStages(
  run: StagedRun,
  flags: { readonly backend: string; readonly threads?: number; readonly dryRun?: boolean },
  reporter: Reporter,
  train: (prepared: Prepared) => Promise<Outcome>,
): Promise<number> {
  const folders = run.stages.map(({ name }, i) => runFolder(join(run.path, `${i + 1}-${name}`)));
  await asUsage(() => checkUnlocked(run.path));
  await asUsage(() => checkStages(run.stages, folders));
  let lock: FolderLock | undefined;
  try {
    for (const [i, { name, config }] of run.stages.entries()) {
      const folder = folders[i]!;
      if (await isOver(folder, config, folders[i + 1])) continue;
      const staged = await asUsage(() => withStart(config, folder, folders[i - 1]));
      reporter.say(`Stage ${i + 1} of ${folders.length}, ${name}: ${headline(config)}`);
      const prepared = await prepare(staged, folder, flags, reporter);
      if (!flags.dryRun) {
        lock ??= await asUsage(() => lockFolder(run.path));
        await keep(run);
      }
      const { status, over } = await train(prepared);
      if (!over) return status;
    }
    return Exit.done;
  } finally {
    lock?.release();
  }
}

/** Writes all stages down as one description, by which `--resume` goes where no preset is given. */
async function keep({ path, stages }: StagedRun): Promise<void> {
  const byName = Object.fromEntries(stages.map(({ name, config }) => [name, config]));
  const description = { ...stages[0]!.config, stages: byName };
  await writeFileAtomic(stagesFile(path), `${JSON.stringify(description, null, 2)}\n`);
}

/** Parts and images of the stages to come: they are refused now rather than after hours. */
async function checkStages(stages: readonly LoadedStage[], folders: readonly RunFolder[]): Promise<void> {
  for (const [i, { config }] of stages.entries()) {
    if (i > 0 && !(await isRun(folders[i]!.storage))) await checkLater(config);
  }
}

/** Where a stage begins: where it began, or with the weights of the stage before as they are now. */
async function withStart(
  config: RunConfig,
  folder: RunFolder,
  before: RunFolder | undefined,
): Promise<RunConfig> {
  if (!before) return config;
  if (await isRun(folder.storage)) return { ...config, start: (await readRunConfig(folder.storage)).start };
  return { ...config, start: { ...(await startOf(before.storage, false)), run: resolve(before.path) } };
}

/** Whether the next stage has begun, or this one has seen its images. The last is never over: resuming it is harmless. */
async function isOver(
  folder: RunFolder,
  { train }: RunConfig,
  next: RunFolder | undefined,
): Promise<boolean> {
  if (!next) return false;
  if (await isRun(next.storage)) return true;
  const newest = (await isRun(folder.storage)) ? (await listCheckpoints(folder.storage)).at(-1) : undefined;
  return newest !== undefined && newest >= train.images && existsSync(folder.finalGrid);
}
