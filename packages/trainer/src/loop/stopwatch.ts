import type { TrainEvent } from "./events.ts";

/** Measures training without the consumer's time. */
export interface Stopwatch {
  /** Training time since the last restart. */
  seconds(): number;
  restart(): void;
  /** Yields an event and leaves out the time until training is resumed. */
  outside(event: TrainEvent): Generator<TrainEvent, void>;
}

export function stopwatch(): Stopwatch {
  let start = performance.now();
  return {
    seconds: () => (performance.now() - start) / 1000,
    restart() {
      start = performance.now();
    },
    *outside(event) {
      const before = performance.now();
      yield event;
      start += performance.now() - before;
    },
  };
}
