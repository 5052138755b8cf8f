import type { TrainEvent } from "./events.ts";
import { stopwatch } from "./stopwatch.ts";

/** Images that a training has seen. */
interface Seen {
  readonly images: number;
}

/** Speed of a training since the last log point: without the consumer's time, and without the first update, which compiles. */
export interface Speedometer {
  /** To be called after each update. */
  updated(state: Seen): void;
  /** Images per second; undefined where only the first update was made. */
  measured(state: Seen): number | undefined;
  /** Images per second; of the first update where there is no other. */
  perSecond(state: Seen): number;
  /** Begins at a log point. */
  restart(state: Seen): void;
  /** Yields an event and leaves out the time until training is resumed. */
  outside(event: TrainEvent): Generator<TrainEvent, void>;
}

/** @param begun images seen before the first update */
export function speedometer(begun: number): Speedometer {
  const watch = stopwatch();
  let from = begun;
  let first: number | undefined;
  const restart = ({ images }: Seen): void => {
    watch.restart();
    from = images;
  };
  const measured = ({ images }: Seen): number | undefined =>
    images > from ? (images - from) / watch.seconds() : undefined;
  return {
    updated(state) {
      if (first !== undefined) return;
      first = measured(state);
      restart(state);
    },
    measured,
    perSecond: (state) => measured(state) ?? first ?? 0,
    restart,
    outside: watch.outside,
  };
}
