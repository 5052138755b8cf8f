import { batch, signal } from "@preact/signals";
import { call } from "../../../engine/client.ts";
import type { Pictures } from "../../../engine/images.ts";
import type { SampleEvent } from "../../../engine/jobs/sample/sample.ts";
import type { SampleInput } from "../../../engine/jobs/sample/sample-input.ts";
import { startBackend } from "../../../state/backend.ts";

/** One step of one sampler, as it was seen. */
export interface Shot {
  readonly x: Pictures;
  readonly x0: Pictures;
}

/** A sampler, and what it has drawn so far. */
export interface Lane {
  readonly name: string;
  readonly shots: readonly Shot[];
  /** Progress of encoding, from pictures to their noise. */
  readonly up?: { readonly step: number; readonly count: number; readonly x: Pictures };
  readonly calls: number;
  readonly milliseconds: number;
}

export const lanes = signal<readonly Lane[]>([]);
export const sampling = signal(false);
export const failure = signal<unknown>(undefined);

let stop: AbortController | undefined;
let running: Promise<void> = Promise.resolve();

/** Draws again, once what was stopped has ended; while something is drawn, nothing is begun. */
export function startSampling(input: SampleInput, names: readonly string[]): void {
  if (sampling.peek() && !stop?.signal.aborted) return;
  const own = new AbortController();
  stop = own;
  batch(() => {
    sampling.value = true;
    failure.value = undefined;
  });
  running = running.then(() => follow(input, names, own));
}

/** What was shown before goes when the first new frame is there, so that nothing jumps. */
async function follow(input: SampleInput, names: readonly string[], own: AbortController): Promise<void> {
  let fresh = names.map((name): Lane => ({ name, shots: [], calls: 0, milliseconds: 0 }));
  const { signal } = own;
  try {
    if (signal.aborted) return;
    await startBackend();
    await call("sample", input, {
      signal,
      onEvent: (event) => {
        if (signal.aborted) return;
        fresh = fresh.map((old, i) => (i === event.lane ? followed(old, event) : old));
        lanes.value = fresh;
      },
    });
  } catch (error) {
    if (!signal.aborted) failure.value = error;
  } finally {
    if (stop === own) sampling.value = false;
  }
}

function followed(lane: Lane, { encoding, step, count, calls, milliseconds, x, x0 }: SampleEvent): Lane {
  const cost = { calls, milliseconds };
  if (encoding) return { ...lane, ...cost, up: { step, count, x } };
  return { ...lane, ...cost, shots: [...lane.shots, { x, x0 }] };
}

export function stopSampling(): void {
  stop?.abort();
}

/** Nothing is drawn, and nothing is shown: what was shown belongs to another question. */
export function forgetSamples(): void {
  stopSampling();
  lanes.value = [];
  failure.value = undefined;
}
