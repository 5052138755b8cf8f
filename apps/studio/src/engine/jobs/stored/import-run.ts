import { parseRun } from "@ddpm/runs";
import { decodeSettings, parseSettings } from "@ddpm/runs/authoring";
import { unzipSync } from "fflate";
import type { Job } from "../../job.ts";
import { freeName, runStorage } from "../../store/runs.ts";
import { factsOfRun, type RunFacts } from "./stored-runs.ts";

export interface ImportInput {
  readonly name: string;
  readonly file: Blob;
}

/** Files of a run folder that this page reads; its pictures and reports are ignored. */
const WANTED =
  /^(config\.json|log\.jsonl|recoveries\.json|checkpoints\/latest|checkpoints\/\d+\/([a-z]+\.json|[a-z]+\.safetensors))$/;

/** Takes in a zipped run folder, made by this page or from one that `ddpm train` wrote. */
export const importRun: Job<ImportInput, RunFacts> = async ({ name, file }) => {
  const entries = unzipSync(new Uint8Array(await file.arrayBuffer()), {
    filter: ({ name: path }) => /\.(json|jsonl|safetensors)$|\/latest$/.test(path),
  });
  const configPath = Object.keys(entries)
    .filter((path) => path.endsWith("config.json"))
    .sort((a, b) => a.length - b.length)[0];
  if (configPath === undefined) {
    throw new Error(
      `${name} is not a run: it has no config.json. Zip the folder that ddpm train --out wrote.`,
    );
  }
  const folder = configPath.slice(0, -"config.json".length);
  const text = decodeSettings(entries[configPath]!, configPath, "studio/import-run");
  parseRun(parseSettings(text, configPath, "studio/import-run"), configPath);
  const id = await freeName(folder.replace(/\/$/, "").split("/").at(-1) || name.replace(/\.zip$/i, ""));
  for (const [path, bytes] of Object.entries(entries)) {
    const inside = path.startsWith(folder) ? path.slice(folder.length) : "";
    if (WANTED.test(inside)) await runStorage(id).write(inside, bytes);
  }
  return factsOfRun(id);
};
