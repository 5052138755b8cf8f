import { disposeParams, type Images } from "@ddpm/core";
import { disposable, interpret } from "@ddpm/core/step";
import { eventLoopYielder } from "@ddpm/diffusion/authoring";
import { readImages } from "../batch/part-inputs.ts";
import { checkOptions } from "./check-options.ts";
import { meanLoss, readTotals } from "./divergence.ts";
import type { StepEvent, TrainEvent } from "./events.ts";
import { timeLearner } from "./learned-times.ts";
import type { TrainOptions } from "./options.ts";
import { disposeState, initialState, type TrainState, zeroTotals } from "./state.ts";
import { stopwatch } from "./stopwatch.ts";
import { ratesOf } from "./update-rates.ts";
import { updater } from "./updater.ts";

/**
 * Trains a denoiser: reads batches, makes updates and yields events. While the consumer handles an event training
 * waits, so whatever `due` asks for is done on exactly that state. Resuming from a saved state gives the same bits
 * as a training without the interruption. The last event, `done`, has the final state, the caller's to dispose;
 * leaving the loop earlier frees the state.
 *
 * @throws DdpmError for options that do not fit together, before anything is done; and when a loss or gradient is
 *   no longer finite (see {@link divergence}), noticed at the next log point or due event, never after it
 */
export async function* train(options: TrainOptions): AsyncGenerator<TrainEvent, void> {
  checkOptions(options);
  const { until, batch, logEvery, every = {}, signal } = options;
  const watch = stopwatch();
  const breathe = eventLoopYielder();
  const steps = disposable(options.compile ?? interpret);
  let state = options.state ?? initialState(options);
  const learner = timeLearner(options, state);
  let saved = state.images;
  let timed = state.images;
  let finished = false;
  let pending: Promise<Images> | undefined;
  let told = Number.NEGATIVE_INFINITY;
  const tellProgress = async (): Promise<void> => {
    const { onProgress, progressSeconds = PROGRESS } = options;
    if (!onProgress || performance.now() - told < 1000 * progressSeconds) return;
    told = performance.now();
    const loss = await meanLoss(state);
    const { images, step } = state;
    const imagesPerSecond = (images - timed) / watch.seconds();
    onProgress({ images, step, ...(loss === undefined ? {} : { loss }), imagesPerSecond });
  };
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
      state = await learner.after(state, updated.losses);
      await tellProgress();
      await breathe();
      if (passed(state, logEvery, batch)) {
        const event = await summary(options, state, () => (state.images - timed) / watch.seconds());
        state = fresh(state);
        yield* watch.outside(event);
        watch.restart();
        timed = state.images;
      }
      for (const [what, distance] of Object.entries(every)) {
        if (!passed(state, distance, batch)) continue;
        await readTotals(state, batch);
        state = await learner.settled(state);
        if (what === "checkpoint") saved = state.images;
        yield* watch.outside({ type: "due", what, images: state.images, state });
      }
    }
    await readTotals(state, batch);
    state = await learner.settled(state);
    if (signal?.aborted && state.images < until && state.images !== saved) {
      yield { type: "due", what: "checkpoint", images: state.images, state };
    }
    finished = true;
    yield { type: "done", images: state.images, state };
  } finally {
    steps.dispose();
    await learner.end();
    if (!finished) disposeState(state);
  }
}

/** Seconds between two reports of progress. */
const PROGRESS = 10;

/** Whether the last update reached a multiple of `distance` images. */
function passed({ images }: TrainState, distance: number, batch: number): boolean {
  return Math.floor(images / distance) > Math.floor((images - batch) / distance);
}

async function summary(
  options: TrainOptions,
  state: TrainState,
  imagesPerSecond: () => number,
): Promise<StepEvent> {
  const { batch } = options;
  const { images, step, sinceLog } = state;
  const { loss, norm } = await readTotals(state, batch);
  return {
    type: "step",
    images,
    step,
    loss: loss / sinceLog,
    gradientNorm: norm / sinceLog,
    ...ratesOf(options, step, images - batch),
    imagesPerSecond: imagesPerSecond(),
  };
}

/** The state with empty sums. */
function fresh(state: TrainState): TrainState {
  disposeParams(state.totals);
  return { ...state, totals: zeroTotals(), sinceLog: 0 };
}
