/** What a job gets next to its input. */
export interface JobContext<Event> {
  /** Sends the page an event; the buffers in `transfer` are moved, not copied. */
  emit(event: Event, transfer?: readonly ArrayBuffer[]): void;
  /** Aborted when the page stops the job, which then ends early and returns what it has. */
  readonly signal: AbortSignal;
}

/** Something that the worker computes for the page: from an input to an output, with events in between. */
export type Job<Input, Output, Event = never> = (input: Input, context: JobContext<Event>) => Promise<Output>;
