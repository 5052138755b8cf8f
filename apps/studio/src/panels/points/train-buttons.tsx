import { formatShort } from "@ddpm/core/authoring";
import { FailureNote } from "../../ui/failure-note.tsx";
import { failure, losses, status, stopPoints } from "./training.ts";
import type { Training } from "./use-training.ts";

/** Starts and stops the training, and says how far it is. */
export function TrainButtons({ enough, train }: Training) {
  const running = status.value === "running";
  const seen = formatShort(losses.value.seen.at(-1) ?? 0);
  return (
    <>
      <p class="row">
        <button type="button" class="primary" disabled={!enough} onClick={train}>
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
