import { join } from "node:path";
import { fail, isDdpmError } from "@ddpm/core";
import type { TimeMemory } from "@ddpm/core/authoring";
import { readSafetensors, toTensors } from "@ddpm/weights";
import { under } from "../records.ts";
import type { Totals } from "../state.ts";
import type { LearnedTimes } from "../time-learning.ts";
import { readBest } from "./best.ts";
import { disk, type Files } from "./files.ts";
import { checkpointsOf, listCheckpoints, nameOf, readLatest } from "./layout.ts";
import type { Manifest } from "./manifest.ts";
import type { Checkpoint, LoadOptions } from "./types.ts";
import { readWhole } from "./verify.ts";

type Loaded = Omit<Checkpoint, "warnings">;

/**
 * Reads a checkpoint and checks every byte of it.
 *
 * @param run   the run's folder
 * @param which `latest`, `best`, how many images it has seen, or the path of one checkpoint's folder. Where the latest is damaged, the newest good one
 *   before it is taken and `warnings` say so; a named one is taken or refused.
 * @throws DdpmError when there is none that is whole
 */
export async function loadCheckpoint(
  run: string,
  which = "latest",
  { files = disk }: LoadOptions = {},
): Promise<Checkpoint> {
  if (which === "best") return { ...(await read(await bestPath(run, files), files)), warnings: [] };
  if (which !== "latest") {
    const path = /^\d+$/.test(which) ? join(checkpointsOf(run), nameOf(Number(which))) : which;
    const there = await files.stat(join(path, "state.json")).then(
      () => true,
      () => false,
    );
    if (!there) {
      const known = (await listCheckpoints(run, files)).map(Number).join(", ") || "none";
      const hint = `Give latest, best, how many images it has seen (${known}), or the folder of one.`;
      fail("trainer/checkpoint", `${path} is no checkpoint: it has no state.json.`, hint);
    }
    return { ...(await read(path, files)), warnings: [] };
  }
  const folder = checkpointsOf(run);
  const pointed = await readLatest(run, files);
  const names = await listCheckpoints(run, files);
  const known = pointed !== undefined && names.includes(pointed);
  const candidates = names.filter((name) => !known || name <= pointed).reverse();
  const warnings = known || pointed === undefined ? [] : [`latest names ${pointed}, which is not there.`];

  for (const name of candidates) {
    try {
      return { ...(await read(join(folder, name), files)), warnings };
    } catch (error) {
      if (!isDdpmError(error)) throw error;
      warnings.push(error.message);
    }
  }
  const reasons = warnings.length > 0 ? ` ${warnings.join(" ")}` : "";
  fail("trainer/checkpoint", `no whole checkpoint in ${folder}.${reasons}`, "Start the run anew.");
}

/** Whether a run has a checkpoint to go on from. */
export async function hasCheckpoint(run: string, { files = disk }: LoadOptions = {}): Promise<boolean> {
  return (await listCheckpoints(run, files)).length > 0;
}

async function bestPath(run: string, files: Files): Promise<string> {
  const best = await readBest(run, files);
  if (!best) {
    const hint = "Train with held-out images, or take the latest.";
    fail("trainer/checkpoint", `no checkpoint of ${run} is marked as the best.`, hint);
  }
  return join(checkpointsOf(run), nameOf(best.images));
}

async function read(path: string, files: Files): Promise<Loaded> {
  const { manifest, contents } = await readWhole(path, files);
  return { state: stateOf(path, manifest, contents), meta: manifest.meta, path };
}

function stateOf(
  path: string,
  { images, step, sinceLog }: Manifest,
  contents: Readonly<Record<string, Uint8Array>>,
): Checkpoint["state"] {
  const tensors = (name: string): ReturnType<typeof toTensors> => {
    const file = join(path, name);
    const bytes = contents[name] ?? fail("trainer/checkpoint", `${path} has no ${name}.`);
    return toTensors(readSafetensors(bytes, { file }).tensors);
  };
  const optimizer = tensors("optimizer.safetensors");
  return {
    params: tensors("model.safetensors"),
    ...(contents["ema.safetensors"] ? { ema: tensors("ema.safetensors") } : {}),
    optimizer: under("state", optimizer),
    totals: under("totals", optimizer) as Totals,
    ...(contents["times.json"]
      ? { times: learnedOf(JSON.parse(new TextDecoder().decode(contents["times.json"]))) }
      : {}),
    images,
    step,
    sinceLog,
  };
}

/** Older checkpoints hold the memory alone. */
function learnedOf(value: LearnedTimes | TimeMemory): LearnedTimes {
  return "memory" in value ? value : { memory: value };
}
