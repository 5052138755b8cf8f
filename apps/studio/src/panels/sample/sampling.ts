import { batch, signal } from "@preact/signals";
import { call } from "../../engine/client.ts";
import type { Pictures } from "../../engine/images.ts";
import type { SampleEvent } from "../../engine/jobs/sample.ts";
import type { SampleInput } from "../../engine/jobs/sample-input.ts";
import { startBackend } from "../../state/backend.ts";

/** One step of one sampler, as it was seen. */
export interface Shot {
  readonly x: Pictures;
  readonly x0: Pictures;
}

/** A sampler on its way. */
export interface Lane {
  readonly name: string;
  readonly shots: readonly Shot[];
  /** Where it stands on the way up, from pictures to their noise. */
  readonly up?: { readonly step: number; readonly count: number; readonly x: Pictures };
  readonly calls: number;
  readonly milliseconds: number;
}

export const lanes = signal<readonly Lane[]>([]);
export const sampling = signal(false);
export const failure = signal<unknown>(undefined);

let stop: AbortController | undefined;

/** Draws anew; what was shown before goes when the first new frame is there, so that nothing jumps. */
export async function startSampling(input: SampleInput, names: readonly string[]): Promise<void> {
  if (sampling.peek()) return;
  const own = new AbortController();
  stop = own;
  let fresh = names.map((name): Lane => ({ name, shots: [], calls: 0, milliseconds: 0 }));
  batch(() => {
    sampling.value = true;
    failure.value = undefined;
  });
  try {
    await startBackend();
    await call("sample", input, {
      signal: own.signal,
      onEvent: (event) => {
        if (own.signal.aborted) return;
        fresh = fresh.map((old, i) => (i === event.lane ? followed(old, event) : old));
        lanes.value = fresh;
      },
    });
  } catch (error) {
    failure.value = error;
  } finally {
    sampling.value = false;
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
