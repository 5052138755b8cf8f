import type { RunConfig } from "@ddpm/runs";
import { batch, signal } from "@preact/signals";
import { call } from "../../engine/client.ts";
import type { Pictures } from "../../engine/images.ts";
import type { TrainInput, TrainingEvent } from "../../engine/jobs/train/train.ts";
import { startBackend } from "../../state/backend.ts";
import { refreshRuns } from "../../state/runs.ts";
import { running } from "../../state/training.ts";
import { rememberSpeed } from "./speed.ts";

/** Samples from the fixed noise after so many images. */
export interface Samples {
  readonly images: number;
  readonly pictures: Pictures;
}

/** The loss, log line after log line. */
export interface Losses {
  readonly images: readonly number[];
  readonly loss: readonly number[];
}

/** Rows of samples that are kept. */
const MOST = 12;

/** Milliseconds between updates of what is shown: small networks log more often than anyone can look. */
const PAUSE = 100;

export const current = signal<{ readonly run: string; readonly config: RunConfig } | undefined>(undefined);
export const losses = signal<Losses>({ images: [], loss: [] });
export const samples = signal<readonly Samples[]>([]);
export const perSecond = signal(0);
/** Rate of the last update that was logged. */
export const rateNow = signal<number | undefined>(undefined);
export const savedAt = signal(0);
export const failure = signal<unknown>(undefined);

type StepEvent = Extract<TrainingEvent, { type: "step" }>;

let stop: AbortController | undefined;
let waiting: StepEvent[] = [];
let timer: ReturnType<typeof setTimeout> | undefined;
let multiplyAdds = 0;

/** Begins or resumes a run, and follows it. */
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
    show();
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

/** Multiplies the rate of the shown run, from its next update on. */
export async function changeRate(factor: number): Promise<void> {
  const shown = current.peek();
  if (!shown) return;
  try {
    const config = await call("changeRate", { run: shown.run, factor });
    if (current.peek()?.run === shown.run) current.value = { ...shown, config };
  } catch (error) {
    failure.value = error;
  }
}

function follow(event: TrainingEvent): void {
  if (event.type === "step") {
    waiting.push(event);
    timer ??= setTimeout(show, PAUSE);
    return;
  }
  batch(() => {
    show();
    if (event.type === "begun") {
      const { run, config, log } = event;
      current.value = { run, config };
      losses.value = { images: [...log.images], loss: [...log.loss] };
      multiplyAdds = event.multiplyAdds;
      rateNow.value = undefined;
      savedAt.value = 0;
    } else if (event.type === "samples") {
      const { images, pictures } = event;
      samples.value = [...samples.value, { images, pictures }].slice(-MOST);
    } else savedAt.value = event.images;
  });
}

/** Shows what was logged since the last time. */
function show(): void {
  clearTimeout(timer);
  timer = undefined;
  const last = waiting.at(-1);
  if (!last) return;
  const { images, loss } = losses.peek();
  batch(() => {
    losses.value = {
      images: [...images, ...waiting.map((one) => one.images)],
      loss: [...loss, ...waiting.map((one) => one.loss)],
    };
    perSecond.value = last.perSecond;
    rateNow.value = last.learningRate;
  });
  waiting = [];
  const { config } = current.peek()!;
  rememberSpeed(config, last.perSecond, multiplyAdds);
}
