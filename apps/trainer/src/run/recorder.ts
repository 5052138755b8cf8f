import { appendLog, readLog } from "@ddpm/runs";
import { type LogRow, truncateLog } from "@ddpm/runs/authoring";
import type { TrainState } from "@ddpm/trainer";
import type { Diverged, DueEvent, StepEvent, TrainProgress } from "@ddpm/trainer/authoring";
import type { Observer, Watched } from "./observers/observer.ts";

/** Writes the log of a training and passes every event to its observers. */
export interface Recorder {
  /** The training begins with weights of another run. */
  begin(state: TrainState): Promise<void>;
  event(event: StepEvent | DueEvent): Promise<void>;
  /** Shows the progress of the training; it is not logged. */
  progress(progress: TrainProgress): void;
  /** Removes everything after the state that the run resumes from. */
  resumeAt(images: number): Promise<void>;
  /** The loss or a gradient is not finite, and the run does not return to a checkpoint. */
  failed(what: Diverged, advice: string): Promise<void>;
  /** The training is over, however it ended otherwise. */
  end(state: TrainState): Promise<void>;
  /** It is complete. */
  finish(state: TrainState): Promise<void>;
}

/** What observers are made for, but for what the recorder itself gives them. */
export type Recorded = Omit<Watched, "rows" | "log" | "publish">;

/** @param observersOf makes the observers, in the order in which they are called */
export function recorder(recorded: Recorded, observersOf: (watched: Watched) => Observer[]): Recorder {
  const { folder, config, reporter } = recorded;
  let rows: LogRow[] = [];
  const watched: Watched = {
    ...recorded,
    rows: () => rows,
    async log(row) {
      await appendLog(folder.storage, row);
      rows.push(row);
      for (const observer of observers) await observer.row?.(row);
    },
    async publish(picture) {
      for (const observer of observers) await observer.picture?.(picture);
    },
  };
  const observers = observersOf(watched);
  const progress = ({ images, imagesPerSecond, loss }: TrainProgress): void =>
    reporter.progress({
      done: images,
      total: config.train.images,
      unit: "images",
      ...(imagesPerSecond === undefined ? {} : { perSecond: imagesPerSecond }),
      ...(loss === undefined ? { values: {} } : { note: `loss ${loss.toPrecision(3)}`, values: { loss } }),
    });

  return {
    async begin(state) {
      for (const observer of observers) await observer.begin?.(state);
    },
    async event(event) {
      if (event.type === "due") {
        for (const observer of observers) await observer.due?.(event);
        return;
      }
      const { type: _, imagesPerSecond, ...row } = event;
      reporter.event({ event: "step", ...row, imagesPerSecond });
      progress(event);
      await watched.log(row);
    },
    progress,
    async resumeAt(images) {
      await truncateLog(folder.storage, images);
      rows = await readLog(folder.storage);
      for (const observer of observers) await observer.resumeAt?.(images);
    },
    async failed({ images, step, loss }, advice) {
      const which = Number.isFinite(loss) ? "a gradient" : "the loss";
      const what = `${which} of update ${step} is not a finite number: the training ended there.`;
      await watched.log({ images, trouble: "non-finite", since: images, what, advice });
      for (const observer of observers) await observer.failed?.();
    },
    async end(state) {
      for (const observer of observers) await observer.end?.(state);
    },
    async finish(state) {
      for (const observer of observers) await observer.finish?.(state);
    },
  };
}
