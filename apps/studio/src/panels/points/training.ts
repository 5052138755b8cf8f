import { batch, signal } from "@preact/signals";
import { call } from "../../engine/client.ts";
import type { PointsInput } from "../../engine/jobs/points/train-points.ts";
import type { PointsView, PointsViewInput } from "../../engine/jobs/points/view-points.ts";
import { startBackend } from "../../state/backend.ts";

/** Losses over points seen. */
export interface Losses {
  readonly seen: readonly number[];
  readonly loss: readonly number[];
}

const none: Losses = { seen: [], loss: [] };

export const losses = signal(none);
export const view = signal<PointsView | undefined>(undefined);
export const status = signal<"idle" | "running" | "done">("idle");
export const perSecond = signal(0);
export const failure = signal<unknown>(undefined);

let stop: AbortController | undefined;

/** Trains from initial weights; what was learned before is lost. */
export async function trainPoints(input: PointsInput): Promise<void> {
  stop?.abort();
  stop = new AbortController();
  batch(() => {
    status.value = "running";
    failure.value = undefined;
    losses.value = none;
  });
  try {
    await startBackend();
    await call("trainPoints", input, {
      signal: stop.signal,
      onEvent: (event) => {
        if (event.type === "view") view.value = event.view;
        else
          batch(() => {
            const { seen, loss } = losses.value;
            losses.value = { seen: [...seen, event.seen], loss: [...loss, event.loss] };
            perSecond.value = event.perSecond;
          });
      },
    });
    view.value = await call("viewPoints", input.view);
    status.value = "done";
  } catch (error) {
    batch(() => {
      failure.value = error;
      status.value = "idle";
    });
  }
}

export function stopPoints(): void {
  stop?.abort();
}

let viewing = false;
let next: PointsViewInput | undefined;

/** Shows what was learned in another view; while one is computed, only the last request counts. */
export async function viewAgain(input: PointsViewInput): Promise<void> {
  if (status.peek() !== "done") return;
  next = input;
  if (viewing) return;
  viewing = true;
  try {
    while (next) {
      const wanted = next;
      next = undefined;
      view.value = await call("viewPoints", wanted);
    }
  } catch (error) {
    failure.value = error;
  } finally {
    viewing = false;
  }
}
