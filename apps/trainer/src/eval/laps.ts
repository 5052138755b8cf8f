/** What a part of the work took. */
export interface Lap {
  /** By the clock. */
  readonly seconds: number;
  /** Of all threads together: the same however busy the machine is. */
  readonly processorSeconds: number;
}

/** Measures one part of the work after the other. */
export interface Laps {
  /** Ends a part: everything since the last one ended, or since the beginning. */
  done(part: string): void;
  readonly all: Readonly<Record<string, Lap>>;
}

/** Begins to measure. */
export function laps(): Laps {
  const all: Record<string, Lap> = {};
  let [clock, processor] = [performance.now(), process.cpuUsage()];
  return {
    all,
    done(part) {
      const { user, system } = process.cpuUsage(processor);
      all[part] = { seconds: (performance.now() - clock) / 1000, processorSeconds: (user + system) / 1e6 };
      [clock, processor] = [performance.now(), process.cpuUsage()];
    },
  };
}
