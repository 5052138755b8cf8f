import { existsSync } from "node:fs";
import { fail, isDdpmError } from "@ddpm/core";
import { hasCheckpoint, loadCheckpoint, readLog, rewind, trainingLoopOptions } from "@ddpm/runs";
import { type FolderLock, lockFolder } from "@ddpm/runs/node";
import { disposeState, divergence, type Finding, type TrainState, trainingLoop } from "@ddpm/trainer";
import { Exit } from "../output/exit.ts";
import { formatCount, formatDuration } from "../output/format.ts";
import type { Reporter } from "../output/reporter.ts";
import { asUsage, UsageError } from "../output/usage.ts";
import { beginRun, foundIn } from "./folder.ts";
import { type Interrupt, listenForInterrupt } from "./interrupt.ts";
import { observersOf } from "./observers/index.ts";
import { opening } from "./observers/opening.ts";
import type { Prepared } from "./prepare.ts";
import { type Recorder, recorder } from "./recorder.ts";
import { checkpointUpTo, goBack, rescuesOf, slowed } from "./rescue.ts";
import { firstState } from "./start.ts";

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
 * @param pauseAt images seen at which to stop, everything saved, to go on another time: at the first log line from there
 */
export async function runToEnd(
  prepared: Prepared,
  reporter: Reporter,
  pauseAt: number = Number.POSITIVE_INFINITY,
): Promise<Outcome> {
  const { config, folder, parts, resumed } = prepared;
  const initial = resumed ?? (await asUsage(() => firstState(config, parts)));
  const lock = await asUsage(() => lockFolder(folder.path));
  try {
    if (JSON.stringify(await foundIn(folder)) !== JSON.stringify(prepared.found)) {
      throw new UsageError(`another training wrote to ${folder.path} meanwhile. Start this command again.`);
    }
    await asUsage(() => beginRun(folder, config));
    return await trainLocked(prepared, { initial, lock, reporter, pauseAt });
  } finally {
    lock.release();
  }
}

/** {@link runToEnd} in a folder that is this process's own. */
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
  const interrupt = listenForInterrupt(config.train.minutes, () =>
    reporter.say("Stopping after this step; a second Ctrl-C stops at once."),
  );
  const asked: Asked = {};
  const recorded = recorderOf(prepared, reporter, interrupt, asked);
  const record: Recorder = {
    ...recorded,
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
    state = await trainThrough(prepared, initial, { record, reporter, signal: interrupt, asked });
    interrupt.release();
    await record.end(state);
  } finally {
    interrupt.release();
    await stream.close?.();
    reporter.close();
  }
  const seconds = (performance.now() - started) / 1000;
  const { images } = state;
  if (interrupt.reason === "signal" && images < config.train.images) {
    reporter.event(
      { event: "interrupted", run: folder.path, images, seconds },
      `Stopped at ${formatCount(images)} images, everything saved. Resume with: ddpm train --resume --out ${folder.path}`,
    );
    disposeState(state);
    return { status: Exit.interrupted, over: false };
  }
  if (interrupt.reason === "pause" && images < config.train.images) {
    disposeState(state);
    return { status: Exit.done, over: false };
  }
  const complete = resumed?.images === images && existsSync(folder.finalGrid);
  if (!complete) await record.finish(state);
  disposeState(state);
  reporter.event(
    { event: "done", run: folder.path, images, seconds },
    `Done: ${formatCount(images)} images in ${formatDuration(seconds)}. Everything on one page: ${folder.report}. More: ddpm sample ${folder.path}`,
  );
  const over = images >= config.train.images || interrupt.reason === "enough";
  return { status: Exit.done, over };
}

/** Trouble for which the training is to go back after the event that showed it. */
interface Asked {
  finding?: Finding | undefined;
}

function recorderOf(prepared: Prepared, reporter: Reporter, interrupt: Interrupt, asked: Asked): Recorder {
  const { config, folder, parts, backend, stream, first, heldOut } = prepared;
  const recorded = {
    folder,
    config,
    parts,
    backend,
    reporter,
    fingerprint: stream.fingerprint,
    shape: stream.shape,
    ...(parts.denoiser.classes !== undefined && stream.classes ? { classNames: stream.classes } : {}),
    ...(parts.condition ? { known: first } : {}),
    stop(why: string) {
      reporter.say(`Stopping after this step: ${why}.`);
      interrupt.stop();
    },
    async goBack(finding: Finding) {
      if ((await rescuesOf(folder)).length >= config.train.rescues) return false;
      asked.finding = finding;
      return true;
    },
  };
  const sights = { training: first, ...(heldOut ? { heldOut } : {}) };
  return recorder(recorded, (watched) => observersOf(watched, sights));
}

/** Trains, and goes back with a lower rate where the loss is no number or gradients explode, and the run may. */
async function trainThrough(
  prepared: Prepared,
  initial: TrainState,
  watch: {
    readonly record: Recorder;
    readonly reporter: Reporter;
    readonly signal: Interrupt;
    readonly asked: Asked;
  },
): Promise<TrainState> {
  const { config, folder, parts, backend, stream } = prepared;
  const { record, reporter, signal, asked } = watch;
  await opening(prepared, prepared.first);
  let state = initial;
  for (;;) {
    const rescues = await rescuesOf(folder);
    const slower = { ...parts, learningRate: slowed(parts.learningRate, rescues) };
    const given = { parts: slower, images: stream, state, signal, onProgress: record.progress };
    const events = trainingLoop(trainingLoopOptions(config, { ...given, compile: backend.compile }));
    try {
      for await (const event of events) {
        if (event.type === "done") return event.state;
        await record.event(event);
        if (asked.finding) break;
      }
    } catch (error) {
      const what = divergence(error);
      if (!what || !isDdpmError(error)) throw error;
      if (rescues.length >= config.train.rescues) {
        const advice = `${error.hint} With --set train.rescues=1 a run goes back by itself, and on with half the rate.`;
        await record.failed(what, advice);
        const which = Number.isFinite(what.loss) ? "a gradient" : "the loss";
        fail(
          "trainer",
          `${which} of update ${what.step} (${what.images} images) is not a finite number.`,
          `To go on from the last checkpoint with half the learning rate: ddpm train --resume --out ${folder.path} --set train.rescues=${rescues.length + 1}. Or begin another run with a lower rate, a longer warm-up or gradient clipping.`,
          { cause: error.cause },
        );
      }
      state = await back(Number.POSITIVE_INFINITY, what.images, "the loss was no number");
      continue;
    }
    const { images } = asked.finding!;
    asked.finding = undefined;
    state = await back(await loggedBefore(images), images, "gradients exploded");
  }

  /** Images at the last log line before; what lies between it and the next is in doubt. */
  async function loggedBefore(images: number): Promise<number> {
    const rows = await readLog(folder.storage);
    return rows.findLast((row) => "step" in row && row.images < images)?.images ?? 0;
  }

  async function back(most: number, diverged: number, what: string): Promise<TrainState> {
    if (Number.isFinite(most)) await rewind(folder.storage, await checkpointUpTo(folder, most));
    const there = await hasCheckpoint(folder.storage);
    const again = there ? (await loadCheckpoint(folder.storage)).state : await firstState(config, parts);
    const made = await goBack(folder, again.images, diverged);
    await record.resumeAt(again.images);
    reporter.event(
      { event: "rescue", ...made },
      `${what} at ${formatCount(diverged)} images: back to ${formatCount(again.images)}, with half the learning rate`,
    );
    return again;
  }
}
