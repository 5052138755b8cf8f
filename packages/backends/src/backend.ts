import type { CompileStep } from "@ddpm/core";

/** A backend that runs, after `tf.setBackend`. */
export interface StartedBackend {
  readonly name: string;
  /** Versions, device, threads: one line. */
  readonly detail: string;
  /** Records a step once and replays it, where the backend can. */
  readonly compile?: CompileStep;
  /** What has gone wrong on the device since, a sentence; such errors never throw by themselves. */
  trouble?(): string | undefined;
}

/** A way to run TensorFlow.js. */
export interface Backend {
  /** Whether every installation should have it, so that `auto` warns where it does not start. */
  readonly usual?: boolean;
  /** Why `auto` passes it over, where that shows without starting it: no device, or software that imitates one. */
  doubt?(): Promise<string | undefined>;
  /**
   * Loads and selects it.
   *
   * @throws an error with one line: what is missing, and how to get it
   */
  start(): Promise<StartedBackend>;
}
