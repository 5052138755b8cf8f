import { type RunConfig, runConfigSchema } from "../../model/run-config.ts";
import { latestCheckpoint } from "./checkpoint.ts";
import { listNames, readText, remove, writeFile } from "./files.ts";

/** A line of `log.jsonl`. */
export interface LogRow {
  readonly images: number;
  /** Absent in rows that tell something else. */
  readonly loss?: number;
  readonly [more: string]: unknown;
}

/** Names of all runs. */
export function runNames(): Promise<string[]> {
  return listNames("runs");
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
  await writeFile(`runs/${run}/config.json`, `${JSON.stringify(config, null, 2)}\n`);
}

/** @throws when there is no such run, or its configuration is not one */
export async function readConfig(run: string): Promise<RunConfig> {
  const text = await readText(`runs/${run}/config.json`);
  if (text === undefined) throw new Error(`There is no run called ${run}.`);
  return runConfigSchema.parse(JSON.parse(text));
}

/** The log up to a number of images, as numbers. */
export async function readLog(run: string, until: number): Promise<LogRow[]> {
  const text = (await readText(`runs/${run}/log.jsonl`)) ?? "";
  const rows = text
    .split("\n")
    .filter(Boolean)
    .map((line) => JSON.parse(line) as LogRow);
  return rows.filter(({ images }) => images <= until);
}

export async function writeLog(run: string, rows: readonly LogRow[]): Promise<void> {
  await writeFile(`runs/${run}/log.jsonl`, rows.map((row) => `${JSON.stringify(row)}\n`).join(""));
}

/** Keeps a picture of samples in the run's folder, under the number of images seen. */
export async function writeSamples(run: string, images: number, picture: Uint8Array): Promise<void> {
  const name = String(images).padStart(12, "0");
  await writeFile(`runs/${run}/samples/${name}.png`, picture as Uint8Array<ArrayBuffer>);
}

/** Images seen at the latest checkpoint; 0 before the first. */
export async function imagesSeen(run: string): Promise<number> {
  return (await latestCheckpoint(run))?.manifest.images ?? 0;
}

/** Whether the `ddpm` command took this run back from a loss that is no number; it then goes on at another rate. */
export async function wasRescued(run: string): Promise<boolean> {
  return (await readText(`runs/${run}/rescues.json`)) !== undefined;
}

/** Forgets a run and its data. */
export async function removeRun(run: string): Promise<void> {
  await remove(`runs/${run}`);
  await remove(`data/${run}`);
}
