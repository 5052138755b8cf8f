/** Time that one stage of the work took. */
export interface StageTime {
  readonly seconds: number;
  /** Processor time of all threads together. */
  readonly processorSeconds: number;
}

/** Measures stages one after the other. */
export interface StageTimes {
  /** Ends a stage: everything since the last one ended, or since the beginning. */
  done(stage: string): void;
  readonly all: Readonly<Record<string, StageTime>>;
}

/** Starts to measure. */
export function stageTimes(): StageTimes {
  const all: Record<string, StageTime> = {};
  let [clock, processor] = [performance.now(), process.cpuUsage()];
  return {
    all,
    done(stage) {
      const { user, system } = process.cpuUsage(processor);
      all[stage] = { seconds: (performance.now() - clock) / 1000, processorSeconds: (user + system) / 1e6 };
      [clock, processor] = [performance.now(), process.cpuUsage()];
    },
  };
}
