import type { CompileStep } from "@ddpm/core";
import type { BackendName } from "./names.ts";

/** What computes, and why not something else. */
export interface BackendReport {
  readonly name: BackendName;
  /** The adapter, the threads. */
  readonly detail: string;
  /** Those tried before, each with the reason against it. */
  readonly passedOver: readonly { readonly name: BackendName; readonly reason: string }[];
}

/** A backend that runs. */
export interface StartedBackend {
  readonly detail: string;
  /** Records a step once and replays it, where the backend can. */
  readonly compile?: CompileStep;
  /** What has gone wrong on the device since, a sentence; such errors never throw by themselves. */
  trouble?(): string | undefined;
}

/** One file each; its runtime is loaded by `start`, so only when it is tried. */
export interface Backend {
  readonly name: BackendName;
  /** Why not to take it unasked, where that can be told without loading it. */
  doubt?(): Promise<string | undefined>;
  /** @throws when it does not work here */
  start(): Promise<StartedBackend>;
}
