import { batch, signal } from "@preact/signals";
import { call } from "../../engine/client.ts";
import type { Pictures } from "../../engine/images.ts";
import type { TrainInput, TrainingEvent } from "../../engine/jobs/train.ts";
import type { LogRow } from "../../engine/store/runs.ts";
import type { RunConfig } from "../../model/run-config.ts";
import { startBackend } from "../../state/backend.ts";
import { refreshRuns } from "../../state/runs.ts";

/** Samples from the fixed noise after so many images. */
export interface Samples {
  readonly images: number;
  readonly pictures: Pictures;
}

/** Rows of samples that are kept. */
const MOST = 12;

export const current = signal<{ readonly run: string; readonly config: RunConfig } | undefined>(undefined);
export const rows = signal<readonly LogRow[]>([]);
export const samples = signal<readonly Samples[]>([]);
export const perSecond = signal(0);
export const savedAt = signal(0);
export const running = signal(false);
export const failure = signal<unknown>(undefined);

let stop: AbortController | undefined;

/** Begins a run or goes on with one, and follows it. */
export async function startTraining(input: TrainInput): Promise<void> {
  if (running.peek()) return;
  stop = new AbortController();
  batch(() => {
    running.value = true;
    failure.value = undefined;
    if ("begin" in input || input.resume !== current.peek()?.run) samples.value = [];
  });
  try {
    await startBackend();
    await call("train", input, { onEvent: follow, signal: stop.signal });
  } catch (error) {
    failure.value = error;
  } finally {
    running.value = false;
    await refreshRuns().catch((error: unknown) => {
      failure.value = error;
    });
  }
}

/** Finishes the running update, saves, and stops. */
export function pauseTraining(): void {
  stop?.abort();
}

function follow(event: TrainingEvent): void {
  batch(() => {
    if (event.type === "begun") {
      current.value = { run: event.run, config: event.config };
      rows.value = event.log;
    } else if (event.type === "step") {
      rows.value = [...rows.value, event.row];
      perSecond.value = event.perSecond;
    } else if (event.type === "samples") {
      const { images, pictures } = event;
      samples.value = [...samples.value, { images, pictures }].slice(-MOST);
    } else savedAt.value = event.images;
  });
}
