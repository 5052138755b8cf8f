import { signal } from "@preact/signals";
import { call } from "../engine/client.ts";
import type { RunFacts } from "../engine/jobs/runs.ts";
import { saveBlob } from "../ui/save-blob.ts";

/** Runs in the page's private file system; undefined until they are read. */
export const runs = signal<readonly RunFacts[] | undefined>(undefined);

export async function refreshRuns(): Promise<void> {
  runs.value = await call("runs.list", null);
}

export async function downloadRun(run: string): Promise<void> {
  const { name, blob } = await call("runs.export", { run });
  saveBlob(blob, name);
}

export async function uploadRun(file: File): Promise<RunFacts> {
  const facts = await call("runs.import", { name: file.name, file });
  await refreshRuns();
  return facts;
}

export async function removeRun(run: string): Promise<void> {
  await call("runs.remove", run);
  await refreshRuns();
}
