import { signal } from "@preact/signals";
import { call } from "../engine/client.ts";
import type { RunFacts } from "../engine/jobs/stored/stored-runs.ts";
import { saveBlob } from "./save-blob.ts";

/** Runs in the page's private file system; undefined until they are read. */
export const runs = signal<readonly RunFacts[] | undefined>(undefined);

export async function refreshRuns(): Promise<void> {
  runs.value = await call("listRuns", null);
}

export async function downloadRun(run: string): Promise<void> {
  const { name, blob } = await call("exportRun", { run });
  saveBlob(blob, name);
}

export async function uploadRun(file: File): Promise<RunFacts> {
  const facts = await call("importRun", { name: file.name, file });
  await refreshRuns();
  return facts;
}

export async function removeRun(run: string): Promise<void> {
  await call("removeRun", run);
  await refreshRuns();
}
