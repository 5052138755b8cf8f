import { batch, signal } from "@preact/signals";
import { call } from "../../engine/client.ts";
import { download } from "../../engine/download/client.ts";
import type { FetchedFile } from "../../engine/store/fetched.ts";
import { addFetched } from "./data-files.ts";

/** How far a file is loaded; `total` where the host says. */
export interface Loading {
  readonly received: number;
  readonly total: number | undefined;
}

export const loading = signal<Loading | undefined>(undefined);
export const loaded = signal<{ readonly file: FetchedFile; readonly kept: boolean } | undefined>(undefined);
export const problem = signal<unknown>(undefined);
/** Files kept from addresses; undefined until they are read. */
export const keptFiles = signal<readonly FetchedFile[] | undefined>(undefined);

let stop: AbortController | undefined;

/** Loads a file from what was typed, and takes it to train on. */
export async function load(url: string, sha256: string): Promise<void> {
  stop = new AbortController();
  batch(() => {
    loading.value = { received: 0, total: undefined };
    loaded.value = undefined;
    problem.value = undefined;
  });
  try {
    const done = await download(
      { url, sha256 },
      {
        signal: stop.signal,
        onProgress: (received, total) => {
          loading.value = { received, total };
        },
      },
    );
    if (!done) return;
    loaded.value = done;
    addFetched(done.file);
    await refreshKept();
  } catch (error) {
    problem.value = error;
  } finally {
    loading.value = undefined;
  }
}

export function stopLoading(): void {
  stop?.abort();
}

export async function refreshKept(): Promise<void> {
  keptFiles.value = await call("listFetched", null);
}

/** Deletes a kept file. */
export async function forget(sha256: string): Promise<void> {
  keptFiles.value = await call("removeFetched", sha256);
}
