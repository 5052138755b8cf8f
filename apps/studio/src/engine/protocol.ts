import type { Failure } from "./failure.ts";
import type { JobContext } from "./job.ts";
import type * as jobs from "./jobs/index.ts";

type Jobs = typeof jobs;

/** Name of a job, as in the list of jobs. */
export type JobName = keyof Jobs;

export type InputOf<Name extends JobName> = Parameters<Jobs[Name]>[0];

export type OutputOf<Name extends JobName> = Awaited<ReturnType<Jobs[Name]>>;

export type EventOf<Name extends JobName> =
  Parameters<Jobs[Name]>[1] extends JobContext<infer Event> ? Event : never;

/** From the page to the worker. */
export type ToWorker =
  | { readonly type: "call"; readonly id: number; readonly name: JobName; readonly input: unknown }
  | { readonly type: "abort"; readonly id: number };

/** From the worker to the page. */
export type FromWorker =
  | { readonly type: "event"; readonly id: number; readonly event: unknown }
  | { readonly type: "done"; readonly id: number; readonly output: unknown }
  | { readonly type: "failed"; readonly id: number; readonly failure: Failure };
