import { existsSync } from "node:fs";
import { disposeState, type TrainState, train } from "@ddpm/trainer";
import { hasCheckpoint, loadCheckpoint } from "@ddpm/trainer/node";
import { Exit } from "../output/exit.ts";
import { formatCount, formatDuration } from "../output/format.ts";
import type { Reporter } from "../output/reporter.ts";
import { asUsage } from "../output/usage.ts";
import { beginRun } from "./folder.ts";
import { type Interrupt, listenForInterrupt } from "./interrupt.ts";
import { observersOf } from "./observers/index.ts";
import { opening } from "./observers/opening.ts";
import type { Prepared } from "./prepare.ts";
import { type Recorder, recorder } from "./recorder.ts";
import { rescue, rescuesOf } from "./rescue.ts";
import { firstState } from "./start.ts";
import { trainOptions } from "./train-options.ts";

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
  const { config, folder, stream, resumed } = prepared;
  const initial = resumed ?? (await asUsage(() => firstState(config, prepared.parts)));
  await beginRun(folder, config);
  const interrupt = listenForInterrupt(config.train.minutes, () =>
    reporter.say("Stopping after this step; a second Ctrl-C stops at once."),
  );
  const recorded = recorderOf(prepared, reporter, interrupt);
  const record: Recorder = {
    ...recorded,
    async event(event) {
      await recorded.event(event);
      if (event.type !== "due" && event.images >= pauseAt) interrupt.pause();
    },
  };
  const started = performance.now();
  let state: TrainState;
  try {
    if (resumed) await record.resumeAt(resumed.images);
    else if (config.start) await record.begin(initial);
    state = await trainThrough(prepared, initial, record, reporter, interrupt);
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
      `Stopped at ${formatCount(images)} images, everything saved. Go on with: ddpm train --resume --out ${folder.path}`,
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

function recorderOf(prepared: Prepared, reporter: Reporter, interrupt: Interrupt): Recorder {
  const { config, folder, parts, backend, stream, first, heldOut } = prepared;
  const recorded = {
    folder,
    config,
    parts,
    backend,
    reporter,
    fingerprint: stream.fingerprint,
    shape: stream.shape,
    ...(parts.condition ? { known: first } : {}),
    stop(why: string) {
      reporter.say(`Stopping after this step: ${why}.`);
      interrupt.stop();
    },
  };
  const sights = { training: first, ...(heldOut ? { heldOut } : {}) };
  return recorder(recorded, (watched) => observersOf(watched, sights));
}

/** Trains, and goes back with a lower rate where the loss is no number and the run may be rescued. */
async function trainThrough(
  prepared: Prepared,
  initial: TrainState,
  record: Recorder,
  reporter: Reporter,
  signal: Interrupt,
): Promise<TrainState> {
  const { config, folder, parts, backend, stream } = prepared;
  await opening(prepared, prepared.first);
  let state = initial;
  for (;;) {
    const rescues = await rescuesOf(folder);
    const given = { parts, images: stream, backend, state, rescues, signal };
    try {
      const events = train(trainOptions(config, given));
      for (;;) {
        const next = await events.next();
        if (next.done) return next.value;
        await record.event(next.value);
      }
    } catch (error) {
      state = await goneBack(error);
    }
  }

  async function goneBack(error: unknown): Promise<TrainState> {
    const saved = (await hasCheckpoint(folder.path)) ? (await loadCheckpoint(folder.path)).state : undefined;
    const back = saved ?? (await firstState(config, parts));
    const made = await rescue(folder, error, back.images, config.train.rescues);
    if (!made) throw error;
    await record.resumeAt(back.images);
    reporter.event(
      { event: "rescue", ...made },
      `the loss was no number at ${formatCount(made.diverged)} images: back to ${formatCount(made.from)}, with half the learning rate`,
    );
    return back;
  }
}
