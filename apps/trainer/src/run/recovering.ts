import { fail, isDdpmError } from "@ddpm/core";
import { formatCount } from "@ddpm/core/authoring";
import { hasCheckpoint, loadCheckpoint, readLog, rewind, trainingLoopOptions } from "@ddpm/runs";
import { checkpointUpTo, firstState, rateAfter, readRecoveries, recover } from "@ddpm/runs/authoring";
import { fsStorage } from "@ddpm/runs/node";
import { divergence, type TrainState, trainingLoop } from "@ddpm/trainer";
import type { Diverged, Finding } from "@ddpm/trainer/authoring";
import type { Reporter } from "../output/reporter.ts";
import type { Interrupt } from "./interrupt/interrupt.ts";
import type { Prepared } from "./prepare.ts";
import type { Recorder } from "./recorder.ts";

/** A finding after which the training is to return to a checkpoint, once the event that showed it is handled. */
export interface RequestedRecovery {
  finding?: Finding | undefined;
}

/** What a training is recorded and stopped by. */
export interface Watching {
  readonly record: Recorder;
  readonly reporter: Reporter;
  readonly signal: Interrupt;
  readonly requested: RequestedRecovery;
}

/** Seconds between two reports of progress: a bar moves with every step that a person can see. */
const PROGRESS = 0.1;

/**
 * Trains to the end; returns to a checkpoint and continues with half the learning rate where the loss is not finite or
 * gradients explode, as often as `train.recoveries` allows.
 *
 * @returns the last state, the caller's to dispose
 * @throws DdpmError where the loss or a gradient is not finite and no recovery is left
 */
export async function trainRecovering(
  prepared: Prepared,
  initial: TrainState,
  watching: Watching,
): Promise<TrainState> {
  const { config, folder, parts, backend, stream } = prepared;
  const { record, signal, requested } = watching;
  let state = initial;
  for (;;) {
    const recoveries = await readRecoveries(folder.storage);
    const slower = { ...parts, learningRate: rateAfter(recoveries, parts.learningRate) };
    const given = { parts: slower, images: stream, state, signal, onProgress: record.progress };
    const options = trainingLoopOptions(config, { ...given, compile: backend.compile });
    const events = trainingLoop({ ...options, progressSeconds: PROGRESS });
    try {
      for await (const event of events) {
        if (event.type === "done") return event.state;
        await record.event(event);
        if (requested.finding) break;
      }
    } catch (error) {
      const diverged = divergence(error);
      if (!diverged || !isDdpmError(error)) throw error;
      if (recoveries.length >= config.train.recoveries) {
        await refuse(prepared, record, { diverged, recoveries: recoveries.length, error });
      }
      state = await returned(prepared, watching, diverged.images, "the loss was not finite");
      continue;
    }
    const { images } = requested.finding!;
    requested.finding = undefined;
    await rewind(folder.storage, await checkpointUpTo(folder.storage, await loggedBefore(prepared, images)));
    state = await returned(prepared, watching, images, "gradients exploded");
  }
}

/** Ends a training that may not return to a checkpoint again, with how to resume it. */
async function refuse(
  { folder }: Prepared,
  record: Recorder,
  {
    diverged,
    recoveries,
    error,
  }: {
    readonly diverged: Diverged;
    readonly recoveries: number;
    readonly error: Error & { readonly hint?: string | undefined };
  },
): Promise<never> {
  const advice = `${error.hint} With --set train.recoveries=1 a run returns to a checkpoint by itself and continues with half the rate.`;
  await record.failed(diverged, advice);
  const which = Number.isFinite(diverged.loss) ? "a gradient" : "the loss";
  return fail(
    "cli/recovering",
    `${which} of update ${diverged.step} (${diverged.images} images) is not a finite number.`,
    `To resume from the last checkpoint with half the learning rate: ddpm train --resume --out ${folder.path} --set train.recoveries=${recoveries + 1}. Or begin another run with a lower rate, a longer warm-up or gradient clipping.`,
    { cause: error.cause },
  );
}

/** Images at the last log line before; what was trained between it and the next is in doubt. */
async function loggedBefore({ folder }: Prepared, images: number): Promise<number> {
  const rows = await readLog(folder.storage);
  return rows.findLast((row) => "step" in row && row.images < images)?.images ?? 0;
}

/** The state of the newest checkpoint, or the first of the run, after the recovery was written down. */
async function returned(
  { folder, config, parts }: Prepared,
  { record, reporter }: Watching,
  diverged: number,
  what: string,
): Promise<TrainState> {
  const { storage } = folder;
  const state = (await hasCheckpoint(storage))
    ? (await loadCheckpoint(storage)).state
    : await firstState(config, parts, fsStorage);
  const recovery = await recover(storage, state.images, diverged);
  await record.resumeAt(state.images);
  reporter.event(
    { event: "recovery", ...recovery },
    `${what} at ${formatCount(diverged)} images: back to ${formatCount(state.images)}, with half the learning rate`,
  );
  return state;
}
