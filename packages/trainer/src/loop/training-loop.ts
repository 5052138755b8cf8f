import type { Samples } from "@ddpm/core/authoring";
import { disposable, interpret } from "@ddpm/core/step";
import { eventLoopYielder } from "@ddpm/diffusion/authoring";
import { readImages } from "../batch/part-inputs.ts";
import { checkOptions } from "./check-options.ts";
import type { TrainEvent } from "./events.ts";
import { timeObserver } from "./learned-times.ts";
import type { Observer } from "./observer.ts";
import { type AnyLoopOptions, hasObjective } from "./options.ts";
import { progressReports } from "./progress-reports.ts";
import { speedometer } from "./speedometer.ts";
import { disposeState, initialState, type TrainState } from "./state.ts";
import { logPoint, readTotals } from "./totals.ts";
import { ratesOf } from "./update-rates.ts";
import { updater } from "./updater.ts";

/**
 * Trains a denoiser, or minimises another objective: reads batches, makes updates and yields events. While the consumer handles an event training
 * waits, so whatever `due` asks for is done on exactly that state. Resuming from a saved state gives the same bits
 * as a training without the interruption. The last event, `done`, has the final state, the caller's to dispose;
 * leaving the loop earlier frees the state.
 *
 * @throws DdpmError for options that do not fit together, before anything is done; and when a loss or gradient is
 *   no longer finite (see {@link divergence}), noticed at the next log point or due event, never after it
 */
export async function* trainingLoop(options: AnyLoopOptions): AsyncGenerator<TrainEvent, void> {
  checkOptions(options);
  const { until, batch, logEvery, every = {}, signal } = options;
  const yieldNow = eventLoopYielder();
  const steps = disposable(options.compile ?? interpret);
  const observe = hasObjective(options) ? unobserved : timeObserver(options);
  let state = options.state ?? freshState(options);
  let saved = state.images;
  let finished = false;
  let pending: Promise<Samples> | undefined;
  const speed = speedometer(state.images);
  const reportProgress = progressReports(options, speed.measured);
  const read = (first: number): void => {
    pending = first < until ? readImages(options, first, batch) : undefined;
    pending?.catch(() => {});
  };

  try {
    const update = updater({ ...options, compile: steps.compile }, state);
    read(state.images);
    while (state.images < until && !signal?.aborted) {
      const images = await pending!;
      read(state.images + batch);
      const updated = await update(state, images);
      state = updated.state;
      state = await observe(state, updated.losses);
      speed.updated(state);
      await reportProgress(state);
      await yieldNow();
      if (passed(state, logEvery, batch)) {
        const rates = ratesOf(options, state.step, state.images - batch);
        const logged = await logPoint(state, batch, rates, speed);
        state = logged.state;
        yield* speed.outside(logged.event);
        speed.restart(state);
      }
      for (const [what, distance] of Object.entries(every)) {
        if (!passed(state, distance, batch)) continue;
        await readTotals(state, batch);
        state = await observe(state);
        if (what === "checkpoint") saved = state.images;
        yield* speed.outside({ type: "due", what, images: state.images, state });
      }
    }
    await readTotals(state, batch);
    state = await observe(state);
    if (signal?.aborted && state.images < until && state.images !== saved) {
      yield { type: "due", what: "checkpoint", images: state.images, state };
    }
    finished = true;
    yield { type: "done", images: state.images, state };
  } finally {
    steps.dispose();
    if (!finished) {
      await observe(state).catch(() => {});
      disposeState(state);
    }
  }
}

/** The state of a training that begins. */
function freshState(options: AnyLoopOptions): TrainState {
  return initialState(hasObjective(options) ? { ...options, denoiser: options.objective } : options);
}

const unobserved: Observer = async (state) => state;

/** Whether the last update reached a multiple of `distance` images. */
function passed({ images }: TrainState, distance: number, batch: number): boolean {
  return Math.floor(images / distance) > Math.floor((images - batch) / distance);
}
