import { join, resolve } from "node:path";
import { fail } from "@ddpm/core";
import { listCheckpoints } from "@ddpm/runs";
import { checkpointUpTo, isRun, readRunConfig, recover, startOf } from "@ddpm/runs/authoring";
import { fsStorage } from "@ddpm/runs/node";
import { type LoadedStage, loadStages, type Overrides } from "../config/load.ts";
import { createReporter } from "../output/create-reporter.ts";
import { Exit } from "../output/exit.ts";
import type { Reporter } from "../output/reporter.ts";
import { asUsage, UsageError } from "../output/usage.ts";
import { runFolder } from "./folder.ts";
import { headline, tellPlan } from "./plan.ts";
import { type Prepared, prepare } from "./prepare.ts";
import { isStaged, runStages, stagesFile } from "./stages.ts";
import { estimateTime } from "./timing/estimate.ts";
import { type Outcome, runToEnd } from "./training.ts";

/** The options of `ddpm train`. */
export interface TrainFlags extends Overrides {
  readonly out?: string;
  readonly backend: string;
  readonly threads?: number;
  readonly resume?: boolean;
  readonly back?: number;
  readonly from?: string;
  readonly raw?: boolean;
  readonly dryRun?: boolean;
  readonly json?: boolean;
}

/** Trains what the words of the command line describe, or checks it; returns the exit status. */
export async function runTraining(source: string | undefined, flags: TrainFlags): Promise<number> {
  const reporter = createReporter(Boolean(flags.json));
  const { path, stages } = await asUsage(() => decide(source, flags));
  if (flags.resume && !(await isRun(fsStorage(path))) && !isStaged(path))
    reporter.say(`${path} holds no run yet: nothing to resume, it begins.`);
  const trainOne = async (prepared: Prepared): Promise<Outcome> => {
    tellPlan(reporter, { ...prepared, heldOut: prepared.heldOut?.stream.length ?? 0 });
    return flags.dryRun ? leave(prepared, reporter) : runToEnd(prepared, reporter);
  };
  const [{ name, config }] = stages;
  if (flags.back !== undefined) await takeBack(path, name !== undefined, flags, reporter);
  if (name !== undefined) return runStages({ path, stages }, flags, reporter, trainOne);
  reporter.say(headline(config));
  const { status } = await trainOne(await prepare(config, runFolder(path), flags, reporter));
  return status;
}

/** Returns a run to an earlier checkpoint, because it went wrong after it. */
async function takeBack(
  path: string,
  staged: boolean,
  { resume, back: most = 0, dryRun }: TrainFlags,
  reporter: Reporter,
): Promise<void> {
  const folder = runFolder(path);
  const seen = await asUsage(async () => {
    if (!resume) fail("cli/train", "--back resumes a run: give --resume, too.");
    if (staged)
      fail("cli/train", `${path} has stages.`, "Give --out the folder of the one that is to go back.");
    await readRunConfig(folder.storage);
    const seen = await listCheckpoints(folder.storage);
    const first = seen[0] ?? fail("cli/train", `${path} has no checkpoint to go back to.`);
    if (first > most)
      fail(
        "cli/train",
        `${path} keeps no checkpoint at or before ${most} images.`,
        `The first is at ${first}.`,
      );
    return seen;
  });
  const from = await checkpointUpTo(folder.storage, most);
  const lost = seen.filter((at) => at > from);
  reporter.say(
    `back to ${from} images, with half the learning rate${lost.length > 0 ? `; checkpoints given up: ${lost.join(", ")}` : ""}`,
  );
  if (!dryRun) await recover(folder.storage, from, seen.at(-1)!);
}

/** Ends a dry run. */
async function leave(prepared: Prepared, reporter: Reporter): Promise<Outcome> {
  const { stream, folder } = prepared;
  await estimateTime(prepared, reporter);
  await stream.close?.();
  reporter.event({ event: "done", run: folder.path, images: 0, seconds: 0 }, "Dry run: nothing was written.");
  return { status: Exit.done, over: false };
}

/** The configurations and the folder, from the flags and from what the folder holds. */
async function decide(
  source: string | undefined,
  flags: TrainFlags,
): Promise<{ path: string; stages: readonly [LoadedStage, ...LoadedStage[]] }> {
  if (flags.out?.trim() === "") throw new UsageError("--out is empty: give the folder of the run.");
  if (source === undefined && flags.resume) {
    const { out: path } = flags;
    if (flags.from !== undefined || flags.raw)
      throw new UsageError(
        "--from begins a run with the weights of another, --resume continues one: give one of them.",
      );
    if (!path)
      throw new UsageError("--resume needs to know which run: give --out, or the preset it was begun with.");
    if (isStaged(path)) return { path, stages: await loadStages(stagesFile(path), flags) };
    const folder = runFolder(path);
    const begun = await readRunConfig(folder.storage);
    return { path, stages: await loadStages(folder.config, { images: begun.train.images, ...flags }) };
  }
  const stages = await loadStages(...(await begunFrom(source, flags)));
  const [{ name, config }] = stages;
  const called = name === undefined ? config.name : config.name.slice(0, -name.length - 1);
  const path = flags.out ?? join("runs", called);
  if (((await isRun(fsStorage(path))) || isStaged(path)) && !flags.resume) {
    throw new UsageError(
      `${path} already holds a run. Resume it with --resume, or start another with --out <folder>.`,
    );
  }
  return { path, stages };
}

/** The description to load and its overrides: with --from the other run's settings and the place of its weights. */
async function begunFrom(source: string | undefined, flags: TrainFlags): Promise<[string, Overrides]> {
  if (flags.from === undefined) {
    if (flags.raw) throw new UsageError("--raw chooses weights of another run: give --from, too.");
    return [source ?? "quickstart", flags];
  }
  const other = fsStorage(flags.from);
  const start = { ...(await startOf(other, Boolean(flags.raw))), run: resolve(flags.from) };
  const { name } = await readRunConfig(other);
  const called =
    source === undefined
      ? [
          `name=${JSON.stringify(`${name}-tuned`)}`,
          `about=${JSON.stringify(`fine-tuned from ${flags.from}`)}`,
        ]
      : [];
  const set = [...called, ...(flags.set ?? []), `start=${JSON.stringify(start)}`];
  return [source ?? runFolder(flags.from).config, { ...flags, set }];
}
