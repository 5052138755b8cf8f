import { existsSync } from "node:fs";
import { formatCount, formatDuration } from "@ddpm/core/authoring";
import { firstState, foundRun, readRecoveries } from "@ddpm/runs/authoring";
import { fsStorage, lockFolder } from "@ddpm/runs/node";
import type { FolderLock } from "@ddpm/runs/node/authoring";
import { disposeState, type TrainState } from "@ddpm/trainer";
import type { Finding } from "@ddpm/trainer/authoring";
import { Exit } from "../output/exit.ts";
import type { Reporter } from "../output/reporter.ts";
import { asUsage, UsageError } from "../output/usage.ts";
import { beginRun } from "./folder.ts";
import { ANSWER, answerAtOnce } from "./interrupt/answer-at-once.ts";
import { type Interrupt, listenForInterrupt } from "./interrupt/interrupt.ts";
import { observersOf } from "./observers/index.ts";
import { opening } from "./observers/opening.ts";
import type { Prepared } from "./prepare.ts";
import { type Recorder, recorder } from "./recorder.ts";
import { type RequestedRecovery, trainRecovering } from "./recovering.ts";
import { estimates } from "./timing/estimate.ts";

/** How a training ended. */
export interface Outcome {
  /** Exit status. */
  readonly status: number;
  /** There is nothing left to do: every image was seen, or more would gain nothing. */
  readonly over: boolean;
}

/**
 * Trains to the end, or until something stops it.
 *
 * @param pauseAt images seen at which to stop, everything saved, to be resumed later: at the first log line from there
 */
export async function runToEnd(
  prepared: Prepared,
  reporter: Reporter,
  pauseAt: number = Number.POSITIVE_INFINITY,
): Promise<Outcome> {
  const { config, folder, parts, resumed } = prepared;
  const initial = resumed ?? (await asUsage(() => firstState(config, parts, fsStorage)));
  const lock = await asUsage(() => lockFolder(folder.path));
  try {
    if (JSON.stringify(await foundRun(folder.storage)) !== JSON.stringify(prepared.found)) {
      throw new UsageError(`another training wrote to ${folder.path} meanwhile. Start this command again.`);
    }
    await asUsage(() => beginRun(folder, config, prepared.latents));
    return await trainLocked(prepared, { initial, lock, reporter, pauseAt });
  } finally {
    lock.release();
  }
}

/** {@link runToEnd} in a folder that this process has locked. */
async function trainLocked(
  prepared: Prepared,
  given: {
    readonly initial: TrainState;
    readonly lock: FolderLock;
    readonly reporter: Reporter;
    readonly pauseAt: number;
  },
): Promise<Outcome> {
  const { config, folder, stream, resumed } = prepared;
  const { initial, lock, reporter, pauseAt } = given;
  const answer = answerAtOnce();
  const interrupt = listenForInterrupt(config.train.minutes, () =>
    reporter.say(answer.given ? "Saving." : ANSWER),
  );
  const requested: RequestedRecovery = {};
  const recorded = recorderOf(prepared, reporter, interrupt, requested);
  const estimate = estimates(prepared, reporter);
  const record: Recorder = {
    ...recorded,
    progress(progress) {
      // A training in parts is timed by its caller.
      if (pauseAt === Number.POSITIVE_INFINITY) estimate(progress);
      recorded.progress(progress);
    },
    async event(event) {
      lock.check();
      await recorded.event(event);
      if (event.type !== "due" && event.images >= pauseAt) interrupt.pause();
    },
  };
  const started = performance.now();
  let state: TrainState;
  try {
    if (resumed) await record.resumeAt(resumed.images);
    else if ((await folder.storage.list("")).includes("log.jsonl")) await record.resumeAt(0);
    if (!resumed && config.start) await record.begin(initial);
    if (!prepared.parts.trained) await opening(prepared, prepared.first);
    state = await trainRecovering(prepared, initial, { record, reporter, signal: interrupt, requested });
    interrupt.release();
    await record.end(state);
  } finally {
    interrupt.release();
    answer.release();
    await stream.close?.();
    reporter.close();
  }
  const seconds = (performance.now() - started) / 1000;
  return ended(prepared, { state, seconds, record, reporter, reason: interrupt.reason });
}

/** Reports how a training ended, draws the last pictures of a complete one, and disposes its state. */
async function ended(
  { config, folder, resumed }: Prepared,
  {
    state,
    seconds,
    record,
    reporter,
    reason,
  }: {
    readonly state: TrainState;
    readonly seconds: number;
    readonly record: Recorder;
    readonly reporter: Reporter;
    readonly reason: Interrupt["reason"];
  },
): Promise<Outcome> {
  const { images } = state;
  if (reason === "signal" && images < config.train.images) {
    reporter.event(
      { event: "interrupted", run: folder.path, images, seconds },
      `Stopped at ${formatCount(images)} images, everything saved. Resume with: ddpm train --resume --out ${folder.path}`,
    );
    disposeState(state);
    return { status: Exit.interrupted, over: false };
  }
  if (reason === "pause" && images < config.train.images) {
    disposeState(state);
    return { status: Exit.done, over: false };
  }
  const complete = resumed?.images === images && existsSync(folder.finalGrid);
  if (!complete) await record.finish(state);
  disposeState(state);
  const over = images >= config.train.images || reason === "enough";
  const took = formatDuration(seconds);
  const how = over
    ? `Done: ${formatCount(images)} images in ${took}.`
    : `Stopped after ${took}, as --minutes asks: ${formatCount(images)} of ${formatCount(config.train.images)} images. Resume with: ddpm train --resume --out ${folder.path}.`;
  reporter.event(
    { event: "done", run: folder.path, images, of: config.train.images, seconds },
    `${how} Everything on one page: ${folder.report}. ${nextOf(config, folder.path)}`,
  );
  return { status: Exit.done, over };
}

/** What to do with a run that is over. */
function nextOf({ autoencoder }: Prepared["config"], path: string): string {
  return autoencoder ? `Next: ddpm train latent --autoencoder ${path}` : `More: ddpm sample ${path}`;
}

function recorderOf(
  prepared: Prepared,
  reporter: Reporter,
  interrupt: Interrupt,
  requested: RequestedRecovery,
): Recorder {
  const { config, folder, parts, backend, stream, first, heldOut, latents } = prepared;
  const recorded = {
    folder,
    config,
    parts,
    backend,
    reporter,
    stream,
    ...{ shape: stream.shape, latents },
    ...(parts.condition || parts.tokenizer ? { known: first } : {}),
    stop(why: string) {
      reporter.say(`Stopping after this step: ${why}.`);
      interrupt.stop();
    },
    async recover(finding: Finding) {
      if ((await readRecoveries(folder.storage)).length >= config.train.recoveries) return false;
      requested.finding = finding;
      return true;
    },
  };
  const images = { training: first, ...(heldOut ? { heldOut } : {}) };
  return recorder(recorded, (watched) => observersOf(watched, images));
}
