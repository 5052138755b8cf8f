import type { PassedOver } from "@ddpm/backends/authoring";
import type { BackendName } from "./names.ts";

/** What computes, and why not something else. */
export interface BackendReport {
  readonly name: BackendName;
  /** The adapter, the threads. */
  readonly detail: string;
  /** Those tried before, each with the reason against it. */
  readonly passedOver: readonly PassedOver[];
}
