import type { TrainState } from "./state.ts";

/** Every `logEvery` images. Means are over the updates since the last one, and the same after a resume. */
export interface StepEvent {
  readonly type: "step";
  /** Images seen. */
  readonly images: number;
  /** Updates made. */
  readonly step: number;
  /** Mean loss. */
  readonly loss: number;
  /** Mean global norm of the gradients, before clipping. */
  readonly gradientNorm: number;
  /** Rate of the last update. */
  readonly learningRate: number;
  /** Decay of the last update, where weights are averaged. */
  readonly emaDecay?: number;
  /** Speed since the last event, the consumer's own time left out; the one value that differs from run to run. */
  readonly imagesPerSecond: number;
}

/** Progress between two step events, reported at intervals of time, so that a slow machine is not silent. */
export interface TrainProgress {
  /** Images seen. */
  readonly images: number;
  /** Updates made. */
  readonly step: number;
  /** Mean loss since the last step event; absent where it is not finite. */
  readonly loss?: number;
  /** Speed since the last step event; absent after the first update, whose time is that of compiling. */
  readonly imagesPerSecond?: number;
}

/** A number of images of `every` has been reached: training waits until the consumer has done its work. */
export interface DueEvent {
  readonly type: "due";
  /** A name of `every`, e.g. `checkpoint`. */
  readonly what: string;
  /** Images seen. */
  readonly images: number;
  /** Lent until the next event: read it, save it, sample from it, dispose nothing. */
  readonly state: TrainState;
}

/** The last event. */
export interface DoneEvent {
  readonly type: "done";
  /** Images seen. */
  readonly images: number;
  /** The final state, the caller's to dispose. */
  readonly state: TrainState;
}

/** What {@link trainingLoop} yields. */
export type TrainEvent = StepEvent | DueEvent | DoneEvent;

/** The `cause` of the error that {@link trainingLoop} throws when a loss or gradient is no longer finite. */
export interface Diverged {
  readonly type: "diverged";
  /** Images seen after the update that went wrong. */
  readonly images: number;
  /** Number of that update. */
  readonly step: number;
  /** NaN or infinite, or the loss of an update whose gradients overflowed. */
  readonly loss: number;
}
