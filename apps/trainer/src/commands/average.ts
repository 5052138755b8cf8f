import { fail, mapParams, type Params } from "@ddpm/core";
import { listCheckpoints, loadCheckpoint, type RunConfig, type RunStorage, saveCheckpoint } from "@ddpm/runs";
import { isRun, readRunConfig } from "@ddpm/runs/authoring";
import { fsStorage } from "@ddpm/runs/node";
import { checkUnlocked, whileLocked } from "@ddpm/runs/node/authoring";
import { disposeState, mixture, profileEma, type TrainState } from "@ddpm/trainer";
import type { Profile } from "@ddpm/trainer/authoring";
import * as tf from "@tensorflow/tfjs-core";
import { Command, Option } from "commander";
import { createReporter } from "../output/create-reporter.ts";
import { Exit } from "../output/exit.ts";
import { asUsage, UsageError } from "../output/usage.ts";
import { beginRun, runFolder } from "../run/folder.ts";
import { positiveNumber } from "./numbers.ts";

interface AverageFlags {
  readonly width: number;
  readonly out?: string;
  readonly json?: boolean;
}

/** An average in a checkpoint. */
interface Stored extends Profile {
  readonly storage: RunStorage;
  readonly images: number;
}

/** `ddpm average`: averaged weights of another width, from those that were kept during training. */
export function averageCommand(): Command {
  return new Command("average")
    .argument("<run>", "folder of a run with train.ema=profile and every.keepEvery")
    .addOption(
      new Option("--width <share>", "width of the memory as a share of the training, e.g. 0.1")
        .argParser(positiveNumber)
        .makeOptionMandatory(),
    )
    .option("--out <folder>", "folder of the new run (default: <run>-<width>)")
    .addHelpText(
      "after",
      "\nExamples:\n  ddpm train quickstart --set train.ema=profile every.keepEvery=6000\n  ddpm average runs/quickstart --width 0.12\n  ddpm sample runs/quickstart-0.12",
    )
    .action(async (run: string, _flags, command: Command) => {
      process.exitCode = await average(run, command.optsWithGlobals<AverageFlags>());
    });
}

async function average(run: string, { width, out = `${run}-${width}`, json }: AverageFlags): Promise<number> {
  const reporter = createReporter(Boolean(json));
  const started = performance.now();
  const config = await asUsage(() => readRunConfig(fsStorage(run)));
  const target = runFolder(out);
  await asUsage(() => checkUnlocked(out));
  if (await isRun(target.storage))
    throw new UsageError(`${out} holds a run already. Give another folder with --out.`);
  const { stored, last, meta } = await asUsage(() => averagesOf(run, config));
  const factors = await asUsage(() => mixture(stored, { at: last.step, width }));
  const ema = await mixed(stored, factors);
  const state: TrainState = { ...last, ema };
  const train = { ...config.train, ema: { name: "profile", width } };
  const path = await whileLocked(target.path, async () => {
    if (await isRun(target.storage))
      fail("cli/average", `${out} holds a run by now.`, "Give another folder with --out.");
    const saved = await saveCheckpoint(target.storage, state, meta);
    await beginRun(target, { ...config, name: `${config.name}-${width}`, train });
    return saved.path;
  });
  const { images } = state;
  tf.dispose([ema]);
  disposeState({ ...last, ema: {} });
  reporter.event(
    { event: "checkpoint", path, images },
    `an average from ${stored.length} kept ones: ${path}`,
  );
  const seconds = (performance.now() - started) / 1000;
  reporter.event({ event: "done", run: out, images, seconds }, `Draw from it with: ddpm sample ${out}`);
  return Exit.done;
}

async function averagesOf(
  run: string,
  { train }: RunConfig,
): Promise<{ stored: Stored[]; last: TrainState; meta: Readonly<Record<string, unknown>> }> {
  const width = widthOf(train.ema, run);
  const stored: Stored[] = [];
  const storage = fsStorage(run);
  for (const images of await listCheckpoints(storage)) {
    const { state } = await loadCheckpoint(storage, images);
    stored.push({ storage, images, at: state.step, width });
    disposeState(state);
  }
  const { state, meta } = await loadCheckpoint(storage);
  if (state.ema) tf.dispose([state.ema]);
  return { stored, last: state, meta };
}

/** The width of the averages that a training kept. */
function widthOf(ema: RunConfig["train"]["ema"], run: string): number {
  const spec = typeof ema === "string" ? { name: ema } : ema;
  if (spec?.name !== profileEma.name) {
    fail(
      "cli/average",
      `the averages of ${run} are not of the kind that can be combined.`,
      "Train with --set train.ema=profile.",
    );
  }
  const { name: _, ...options } = spec;
  return profileEma.schema.parse(options).width as number;
}

/** Σ factor · average, one checkpoint in memory at a time. */
async function mixed(stored: readonly Stored[], factors: Float64Array): Promise<Params> {
  let sum: Params | undefined;
  for (const [i, { storage, images }] of stored.entries()) {
    const { state } = await loadCheckpoint(storage, images);
    const before = sum;
    sum = tf.tidy(() =>
      mapParams(state.ema!, (value, name) => {
        const part = tf.mul(value, factors[i]!);
        return before ? tf.add(before[name]!, part) : part;
      }),
    ) as Params;
    disposeState(state);
    if (before) tf.dispose([before]);
  }
  return sum!;
}
