import type { TrainingLoopOptions } from "./options.ts";
import type { TrainState } from "./state.ts";
import { meanLoss } from "./totals.ts";

/** Seconds between two reports of progress. */
const PROGRESS = 10;

/** Calls `onProgress` after an update where `progressSeconds` have passed since the last call. */
export function progressReports(
  { onProgress, progressSeconds = PROGRESS }: Pick<TrainingLoopOptions, "onProgress" | "progressSeconds">,
  measured: (state: TrainState) => number | undefined,
): (state: TrainState) => Promise<void> {
  let last = Number.NEGATIVE_INFINITY;
  return async (state) => {
    if (!onProgress || performance.now() - last < 1000 * progressSeconds) return;
    last = performance.now();
    const loss = await meanLoss(state);
    const { images, step } = state;
    const imagesPerSecond = measured(state);
    onProgress({
      images,
      step,
      ...(loss === undefined ? {} : { loss }),
      ...(imagesPerSecond === undefined ? {} : { imagesPerSecond }),
    });
  };
}
