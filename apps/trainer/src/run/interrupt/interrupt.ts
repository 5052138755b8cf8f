/** Stops at the next whole step: `aborted` becomes true. */
export interface Interrupt {
  readonly aborted: boolean;
  readonly reason: "signal" | "time" | "enough" | "pause" | undefined;
  /** Stops because there is nothing more to gain. */
  stop(): void;
  /** Stops, to be resumed later. */
  pause(): void;
  /** Forgets the signal handlers and the clock. */
  release(): void;
}

/**
 * Listens for Ctrl-C, for SIGTERM, for a terminal that is closed (SIGHUP), and for the end of the time allowed. A second Ctrl-C ends the process at once.
 *
 * @param minutes time allowed; no limit when left out
 * @param onSignal called once, at the first signal
 */
export function listenForInterrupt(minutes: number | undefined, onSignal: () => void): Interrupt {
  let reason: Interrupt["reason"];
  const stop = (): void => {
    reason = "signal";
    release();
    onSignal();
  };
  const deadline = minutes === undefined ? Number.POSITIVE_INFINITY : performance.now() + minutes * 60_000;
  const signals = ["SIGINT", "SIGTERM", "SIGHUP"] as const;
  const release = (): void => {
    for (const signal of signals) process.off(signal, stop);
  };
  for (const signal of signals) process.on(signal, stop);
  return {
    get aborted() {
      if (reason === undefined && performance.now() >= deadline) reason = "time";
      return reason !== undefined;
    },
    get reason() {
      return reason;
    },
    stop() {
      reason ??= "enough";
    },
    pause() {
      reason ??= "pause";
    },
    release,
  };
}
