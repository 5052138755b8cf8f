import { formatShort } from "@ddpm/core/authoring";
import type { PointsViewInput } from "../../engine/jobs/points/view-points.ts";
import { FailureNote } from "../../ui/failure-note.tsx";
import { settings } from "./settings.ts";
import { failure, losses, status, stopPoints, trainPoints } from "./training.ts";

export interface TrainButtonsProps {
  readonly points: Float32Array;
  /** What to show of the network. */
  readonly view: PointsViewInput;
}

/** Fewer points than this are no distribution. */
const FEWEST = 20;
const BATCH = 128;

/** Starts and stops the training, and says how far it is. */
export function TrainButtons({ points, view }: TrainButtonsProps) {
  const running = status.value === "running";
  const train = (): void => {
    const { schedule, parameterization, width, layers, rate, until, seed } = settings.value;
    const network = { schedule, parameterization, width, layers };
    void trainPoints({ ...network, rate, until, seed, points, view, batch: BATCH });
  };
  const seen = formatShort(losses.value.seen.at(-1) ?? 0);
  return (
    <>
      <p class="row">
        <button type="button" class="primary" disabled={points.length < 2 * FEWEST} onClick={train}>
          {running ? "Start again" : "Train"}
        </button>
        <button type="button" disabled={!running} onClick={stopPoints}>
          Stop
        </button>
        <span class="soft numbers" role="status">
          {running ? `${seen} points seen` : status.value === "done" ? "trained" : ""}
        </span>
      </p>
      <FailureNote error={failure.value} />
    </>
  );
}
