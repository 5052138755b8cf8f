import { batch, signal } from "@preact/signals";
import { call } from "../../engine/client.ts";
import type { Pictures } from "../../engine/images.ts";
import type { SampleInput } from "../../engine/jobs/sample.ts";
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
  stop = new AbortController();
  let fresh = names.map((name): Lane => ({ name, shots: [], calls: 0, milliseconds: 0 }));
  batch(() => {
    sampling.value = true;
    failure.value = undefined;
  });
  try {
    await startBackend();
    await call("sample", input, {
      signal: stop.signal,
      onEvent: ({ lane, calls, milliseconds, x, x0 }) => {
        fresh = fresh.map((old, i) =>
          i === lane ? { ...old, calls, milliseconds, shots: [...old.shots, { x, x0 }] } : old,
        );
        lanes.value = fresh;
      },
    });
  } catch (error) {
    failure.value = error;
  } finally {
    sampling.value = false;
  }
}

export function stopSampling(): void {
  stop?.abort();
}
