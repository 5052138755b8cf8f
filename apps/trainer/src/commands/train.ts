import { existsSync } from "node:fs";
import { join } from "node:path";
import { countParams } from "@ddpm/core";
import { type TrainEvent, type TrainState, train } from "@ddpm/trainer";
import { hasCheckpoint, loadCheckpoint } from "@ddpm/trainer/node";
import { Argument, Command, Option } from "commander";
import { type ChosenBackend, startBackend } from "../backends/index.ts";
import { loadRun, type Overrides } from "../config/load.ts";
import type { RunConfig } from "../config/schema.ts";
import { imageStreamOf, openImages } from "../data/open-images.ts";
import { Exit } from "../output/exit.ts";
import { formatCount, formatDuration } from "../output/format.ts";
import { createReporter, type Reporter } from "../output/reporter.ts";
import { asUsage, UsageError } from "../output/usage.ts";
import { buildRun, checkImages, fitToImages } from "../run/build.ts";
import { beginRun, isRun, type RunFolder, readRunConfig, runFolder } from "../run/folder.ts";
import { listenForInterrupt } from "../run/interrupt.ts";
import { recorder } from "../run/recorder.ts";
import { checkSameRun } from "../run/same-run.ts";
import { firstState, startOf } from "../run/start.ts";
import { backendOption, threadsOption } from "./backend-option.ts";
import { positiveNumber, wholeNumber } from "./numbers.ts";

interface TrainFlags extends Overrides {
  readonly out?: string;
  readonly backend: string;
  readonly threads?: number;
  readonly resume: boolean;
  readonly from?: string;
  readonly raw?: boolean;
  readonly json?: boolean;
}

const EXAMPLES = `
Examples:
  ddpm train                                             the quickstart: embedded shapes, a few minutes
  ddpm train fashion --data path/to/fashion-mnist        the four IDX files of Fashion-MNIST
  ddpm train my-run.json --set schedule.name=linear --out runs/linear
  ddpm train --resume --out runs/linear                  goes on where it stopped
  ddpm train --from runs/linear --classes star --images 20000 --out runs/stars    fine-tunes on one class`;

/** `ddpm train`: images in, a trained network out. */
export function trainCommand(): Command {
  return new Command("train")
    .description("train a network, from a preset or a config file")
    .addArgument(new Argument("[preset|config.json]", "what to train; `ddpm list presets` shows the presets"))
    .option("--data <path>", "images to train on: a folder, an IDX file …")
    .option("--out <folder>", "folder of the run (default: runs/<name>)")
    .addOption(backendOption())
    .addOption(threadsOption())
    .addOption(new Option("--seed <n>", "everything random follows from it").argParser(wholeNumber(0)))
    .addOption(new Option("--images <n>", "stop after so many images seen").argParser(wholeNumber(1)))
    .addOption(new Option("--minutes <m>", "stop after so many minutes").argParser(positiveNumber))
    .option("--set <key=value...>", "change a setting, e.g. train.batch=64 or schedule.name=linear")
    .option("--skip-bad", "leave out images that do not decode, and count them")
    .option("--resume", "go on with the run in --out", false)
    .option("--from <run>", "begin with the weights of another run, its settings, and a fresh optimiser")
    .option("--raw", "with --from: its weights as trained, not their average")
    .addOption(
      new Option("--classes <a,b>", "keep the images of these classes, by name or number").argParser((text) =>
        text.split(","),
      ),
    )
    .addHelpText("after", EXAMPLES)
    .action(async (source: string | undefined, _flags, command: Command) => {
      process.exitCode = await runTraining(source, command.optsWithGlobals<TrainFlags>());
    });
}

async function runTraining(source: string | undefined, flags: TrainFlags): Promise<number> {
  const reporter = createReporter(Boolean(flags.json));
  const { config: wanted, folder } = await asUsage(() => decide(source, flags));
  const built = await asUsage(() => buildRun(wanted));
  const backend = await asUsage(() => startBackend(flags.backend, flags));
  const images = await asUsage(() => openImages(wanted.data, (text) => reporter.say(text)));
  const config = fitToImages(wanted, images.shape);
  const { denoiser } = await asUsage(() => {
    const fitted = buildRun(config);
    checkImages(fitted.denoiser, images.shape, fitted.condition);
    return fitted;
  });
  const begun = isRun(folder);
  if (begun) await asUsage(async () => checkSameRun(await readRunConfig(folder), config));

  const stream = imageStreamOf(images, config);
  await asUsage(() => stream.read(0, Math.min(config.train.batch, images.length)));
  const { condition } = built;
  const pictured = Math.max(config.sample.count, config.sample.strip);
  const known = condition ? await stream.read(0, Math.min(pictured, images.length)) : undefined;
  const parts = { ...built, denoiser };
  const resumed = await asUsage(() => resumedState(folder, stream.fingerprint, reporter));
  const initial = resumed ?? (await asUsage(() => firstState(config, parts)));
  printPlan(reporter, config, folder, backend, countParams(denoiser.specs), images.length, resumed);
  if (!begun) await beginRun(folder, config);

  const interrupt = listenForInterrupt(config.train.minutes, () =>
    reporter.say("Stopping after this step; a second Ctrl-C stops at once."),
  );
  const record = recorder({
    folder,
    config,
    parts,
    backend,
    reporter,
    fingerprint: stream.fingerprint,
    shape: images.shape,
    ...(known ? { known } : {}),
  });
  if (resumed) await record.resumeAt(resumed.images);
  const started = performance.now();
  const events = train({
    ...parts,
    ...(parts.ema ? { ema: parts.ema } : { ema: undefined }),
    images: stream,
    batch: config.train.batch,
    accumulate: config.train.accumulate,
    ...(config.train.clip === null ? {} : { clip: config.train.clip }),
    labelDropout: config.train.labelDropout,
    recompute: config.train.recompute === "blocks",
    ...(config.train.selfCondition === undefined ? {} : { selfCondition: config.train.selfCondition }),
    seed: config.seed,
    until: config.train.images,
    state: initial,
    // In this order: a checkpoint says that everything up to it is done, its pictures included.
    every: { samples: config.every.samples, checkpoint: config.every.checkpoint },
    logEvery: config.every.log,
    ...(backend.compile ? { compile: backend.compile } : {}),
    signal: interrupt,
  } as Parameters<typeof train>[0]);

  const state = await follow(events, (event) => record.event(event));
  interrupt.release();
  await record.end(state);
  await stream.close?.();
  reporter.close();
  const seconds = (performance.now() - started) / 1000;
  if (interrupt.reason === "signal" && state.images < config.train.images) {
    reporter.event(
      { event: "interrupted", run: folder.path, images: state.images, seconds },
      `Stopped at ${formatCount(state.images)} images, everything saved. Go on with: ddpm train --resume --out ${folder.path}`,
    );
    return Exit.interrupted;
  }
  const complete = resumed?.images === state.images && existsSync(folder.finalGrid);
  if (!complete) await record.finish(state);
  reporter.event(
    { event: "done", run: folder.path, images: state.images, seconds },
    `Done: ${formatCount(state.images)} images in ${formatDuration(seconds)}. Pictures: ${folder.samples}. More: ddpm sample ${folder.path}`,
  );
  return Exit.done;
}

/** The configuration and the folder, from what was asked for and what is there. */
async function decide(
  source: string | undefined,
  flags: TrainFlags,
): Promise<{ config: RunConfig; folder: RunFolder }> {
  if (source === undefined && flags.resume) {
    if (!flags.out)
      throw new UsageError("--resume needs to know which run: give --out, or the preset it was begun with.");
    const folder = runFolder(flags.out);
    const begun = await readRunConfig(folder);
    return { folder, config: await loadRun(folder.config, { images: begun.train.images, ...flags }) };
  }
  const config = await loadRun(...(await begunFrom(source, flags)));
  const folder = runFolder(flags.out ?? join("runs", config.name));
  if (isRun(folder) && !flags.resume) {
    throw new UsageError(
      `${folder.path} holds a run already. Go on with it: --resume. Or begin another: --out <folder>.`,
    );
  }
  return { config, folder };
}

/** What to load, and with what changes: with --from the other run's settings, and where its weights are. */
async function begunFrom(source: string | undefined, flags: TrainFlags): Promise<[string, Overrides]> {
  if (flags.from === undefined) {
    if (flags.raw) throw new UsageError("--raw says which weights of another run: give --from, too.");
    return [source ?? "quickstart", flags];
  }
  const start = await startOf(flags.from, Boolean(flags.raw));
  const { name } = await readRunConfig(runFolder(flags.from));
  const called = source === undefined ? [`name=${JSON.stringify(`${name}-tuned`)}`] : [];
  const set = [...called, ...(flags.set ?? []), `start=${JSON.stringify(start)}`];
  return [source ?? runFolder(flags.from).config, { ...flags, set }];
}

async function resumedState(
  folder: RunFolder,
  fingerprint: string,
  reporter: Reporter,
): Promise<TrainState | undefined> {
  if (!(await hasCheckpoint(folder.path))) return undefined;
  const { state, meta, warnings } = await loadCheckpoint(folder.path);
  for (const warning of warnings) reporter.say(`warning: ${warning}`);
  if (meta.stream !== fingerprint) {
    throw new UsageError(
      `the images are not those that ${folder.path} was begun with. Give the same --data, or begin another run with --out.`,
    );
  }
  return state;
}

function printPlan(
  reporter: Reporter,
  config: RunConfig,
  folder: RunFolder,
  backend: ChosenBackend,
  parameters: number,
  available: number,
  resumed: TrainState | undefined,
): void {
  const from = resumed ? `, from ${formatCount(resumed.images)} on` : "";
  reporter.event(
    { event: "plan", run: folder.path, backend: backend.name, parameters, images: config.train.images },
    [
      `${config.name}: ${config.about}`,
      `  backend     ${backend.name} (${backend.detail}); ${backend.why}`,
      `  network     ${formatCount(parameters)} parameters`,
      `  data        ${formatCount(available)} images from ${config.data.source}`,
      `  training    ${formatCount(config.train.images)} images, ${config.train.batch} at a time${from}`,
      `  run folder  ${folder.path}`,
    ].join("\n"),
  );
}

async function follow(
  events: AsyncGenerator<TrainEvent, TrainState>,
  handle: (event: TrainEvent) => Promise<void>,
): Promise<TrainState> {
  for (;;) {
    const next = await events.next();
    if (next.done) return next.value;
    await handle(next.value);
  }
}
