import type { RunnerOptions } from "./session/runner.ts";

/** What a backend is made with. */
export interface BackendOptions extends RunnerOptions {
  /** Recorded operations after which an open recording runs, whatever happens. */
  readonly maxRecorded: number;
  /** Recorded operations after which a recording runs when the outermost `tidy` is left. */
  readonly minRecorded: number;
  /** Bytes of idle buffers to keep. */
  readonly maxIdleBytes: number;
}
