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

/** Longest time in milliseconds for which nothing else gets a turn, one update aside. */
const BREATH = 50;

/**
 * Lets timers, signals and the page have their turn every so often, since images in memory never do.
 */
export function pacer(): () => Promise<void> {
  let last = performance.now();
  return async () => {
    if (performance.now() - last < BREATH) return;
    await new Promise<void>((resolve) => setTimeout(resolve, 0));
    last = performance.now();
  };
}
