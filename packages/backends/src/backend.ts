import type { CompileStep } from "@ddpm/core";

/** What the command may ask of a backend. */
export interface BackendOptions {
  /** Threads for native backends; theirs to choose when left out. */
  readonly threads?: number;
}

/** A backend that runs, after `tf.setBackend`. */
export interface StartedBackend {
  readonly name: string;
  /** Versions, device, threads: one line for the plan and for `doctor`. */
  readonly detail: string;
  /** True for a processor made for this: `auto` takes it before a CPU. */
  readonly accelerated: boolean;
  /** Records a step once and replays it, where the backend can. */
  readonly compile?: CompileStep;
}

/** A way to run TensorFlow.js; apps pick one, packages never know. */
export interface Backend {
  readonly name: string;
  readonly about: string;
  /** A cheap look whether starting is worth a try when nobody asked for it; it is, when left out. */
  plausible?(): boolean;
  /**
   * Loads and selects it.
   *
   * @throws DdpmError with one line: what is missing, and how to get it
   */
  start(options: BackendOptions): Promise<StartedBackend>;
}
