import {
  imagesName,
  latestManifest,
  type RunConfig,
  type RunStorage,
  readText,
  runSchema,
  within,
} from "@ddpm/runs";
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

/** Begins a run: its configuration is the first thing in its folder. */
export async function writeConfig(run: string, config: RunConfig): Promise<void> {
  await runStorage(run).write("config.json", `${JSON.stringify(config, null, 2)}\n`);
}

/** @throws when there is no such run, or its configuration is not one */
export async function readConfig(run: string): Promise<RunConfig> {
  const text = await readText(runStorage(run), "config.json");
  if (text === undefined) throw new Error(`There is no run called ${run}.`);
  return runSchema.parse(JSON.parse(text));
}

/** Keeps a picture of samples in the run's folder, under the number of images seen. */
export async function writeSamples(run: string, images: number, picture: Uint8Array): Promise<void> {
  await runStorage(run).write(`samples/${imagesName(images)}.png`, picture);
}

/** Images seen at the latest checkpoint; 0 before the first. */
export async function imagesSeen(run: string): Promise<number> {
  return (await latestManifest(runStorage(run)))?.images ?? 0;
}

/** Whether the `ddpm` command took this run back from a loss that is no number; it then goes on at another rate. */
export async function wasRescued(run: string): Promise<boolean> {
  return (await readText(runStorage(run), "rescues.json")) !== undefined;
}

/** Forgets a run and its data. */
export async function removeRun(run: string): Promise<void> {
  await files.remove(`runs/${run}`);
  await files.remove(`data/${run}`);
}
