import type { RunStorage } from "@ddpm/runs";
import { imagesName, latestManifest, within } from "@ddpm/runs/authoring";
import { files } from "./files.ts";

/** The folder of a run, as `ddpm train` writes it. */
export function runStorage(run: string): RunStorage {
  return within(files, `runs/${run}`);
}

/** Names of all runs. */
export function runNames(): Promise<string[]> {
  return files.list("runs");
}

/** A name that no run has yet: the wanted one, or with a number. */
export async function freeName(wanted: string): Promise<string> {
  const names = new Set(await runNames());
  const base = wanted.replace(/[^\w.-]+/g, "-") || "run";
  for (let n = 1; ; n++) {
    const name = n === 1 ? base : `${base}-${n}`;
    if (!names.has(name)) return name;
  }
}

/** Stores a picture of samples in the run's folder, named by the number of images seen. */
export async function writeSamples(run: string, images: number, picture: Uint8Array): Promise<void> {
  await runStorage(run).write(`samples/${imagesName(images)}.png`, picture);
}

/** Images seen at the latest checkpoint; 0 before the first. */
export async function imagesSeen(run: string): Promise<number> {
  return (await latestManifest(runStorage(run)))?.images ?? 0;
}

/** Removes a run and its data. */
export async function deleteRun(run: string): Promise<void> {
  await files.remove(`runs/${run}`);
  await files.remove(`data/${run}`);
}
