import { fail, isDdpmError, type Params } from "@ddpm/core";
import type { TrainState } from "@ddpm/trainer";
import type { LearnedTimes, Totals } from "@ddpm/trainer/authoring";
import { readSafetensors, toTensors } from "@ddpm/weights";
import { pathIn, placeOf, type RunStorage } from "../storage/storage.ts";
import { readBest } from "./best.ts";
import { CHECKPOINTS, checkpointPath, imagesName, listCheckpoints, readLatest } from "./layout.ts";
import { type Manifest, readManifest } from "./manifest.ts";
import type { Checkpoint, CheckpointMeta } from "./types.ts";
import { type CheckedFiles, readChecked } from "./verify.ts";

const HINT = "Give latest, best, the number of images it has seen, or the folder of one.";

/** Which checkpoint of a run: the newest, the one with the best metric, or the one after so many images. */
export type WhichCheckpoint = "latest" | "best" | number;

/**
 * Reads a checkpoint of a run and checks every byte of it.
 *
 * @param which default: "latest". Where the latest is damaged, the newest whole one before it is taken and `warnings` name
 *   the reason; any other is taken or refused
 * @throws DdpmError when there is none that is whole
 */
export async function loadCheckpoint(
  run: RunStorage,
  which: WhichCheckpoint = "latest",
): Promise<Checkpoint> {
  if (which !== "latest") {
    const path = await pathOf(run, which);
    return { ...(await readState(run, path)), warnings: [] };
  }
  const { value, warnings } = await newestOf(run, (path) => readState(run, path));
  return { ...value, warnings };
}

/**
 * Reads the checkpoint whose files are in the root of a storage: one that was taken out of its run, say.
 *
 * @throws DdpmError when it is not whole
 */
export async function loadCheckpointFolder(folder: RunStorage): Promise<Checkpoint> {
  if (!(await folder.list("")).includes("state.json")) {
    fail("runs/checkpoint", `${folder.location} is not a checkpoint: it has no state.json.`, HINT);
  }
  return { ...(await readState(folder, "")), warnings: [] };
}

/**
 * Reads the weights to sample with, without the state of the optimiser: the averaged ones where the run keeps an average.
 *
 * @throws DdpmError when there is no whole checkpoint
 */
export async function loadWeights(
  run: RunStorage,
): Promise<{ readonly params: Params; readonly meta: CheckpointMeta }> {
  const { value } = await newestOf(run, async (path) => {
    const { files, meta } = await readManifest(run, path);
    const name = files["ema.safetensors"] ? "ema.safetensors" : "model.safetensors";
    const checked = await readChecked(run, path, (file) => file === name);
    return { params: tensorsOf(run, path, checked, name), meta };
  });
  return value;
}

/** What is known of the newest checkpoint without reading its weights; undefined where none has a whole `state.json`. */
export async function latestManifest(run: RunStorage): Promise<Manifest | undefined> {
  const newest = await newestOf(run, (path) => readManifest(run, path)).catch((error: unknown) => {
    if (isDdpmError(error)) return undefined;
    throw error;
  });
  return newest?.value;
}

/** The newest checkpoint that can be read, not newer than the one that `latest` names. */
async function newestOf<Value>(
  run: RunStorage,
  read: (path: string) => Promise<Value>,
): Promise<{ readonly value: Value; readonly warnings: readonly string[] }> {
  const latest = await readLatest(run);
  const saved = await listCheckpoints(run);
  const known = latest !== undefined && saved.includes(latest);
  const warnings =
    known || latest === undefined ? [] : [`latest names ${imagesName(latest)}, which is missing.`];
  for (const images of saved.filter((one) => !known || one <= latest).reverse()) {
    try {
      return { value: await read(checkpointPath(images)), warnings };
    } catch (error) {
      if (!isDdpmError(error)) throw error;
      warnings.push(error.message);
    }
  }
  const reasons = warnings.length > 0 ? ` ${warnings.join(" ")}` : "";
  const place = placeOf(run, CHECKPOINTS);
  const advice =
    saved.length > 0
      ? "Start the run again."
      : "A run that trains saves its first one later; else start it again.";
  fail("runs/checkpoint", `no whole checkpoint in ${place}.${reasons}`, advice);
}

async function pathOf(run: RunStorage, which: "best" | number): Promise<string> {
  const images = which === "best" ? (await readBest(run))?.images : which;
  if (images === undefined) {
    const hint = "Train with held-out images, or take the latest.";
    fail("runs/checkpoint", `no checkpoint of ${run.location} is marked as the best.`, hint);
  }
  const path = checkpointPath(images);
  if ((await run.list(path)).includes("state.json")) return path;
  const known = (await listCheckpoints(run)).join(", ") || "none";
  const hint = `Give latest, best, or the number of images it has seen, one of: ${known}.`;
  return fail("runs/checkpoint", `${placeOf(run, path)} is not a checkpoint: it has no state.json.`, hint);
}

async function readState(run: RunStorage, path: string): Promise<Omit<Checkpoint, "warnings">> {
  const checked = await readChecked(run, path);
  const { manifest, contents } = checked;
  const { images, step, sinceLog, meta } = manifest;
  const tensors = (name: string): Params => tensorsOf(run, path, checked, name);
  const optimizer = tensors("optimizer.safetensors");
  const times = contents["times.json"];
  const state: TrainState = {
    params: tensors("model.safetensors"),
    ...(contents["ema.safetensors"] ? { ema: tensors("ema.safetensors") } : {}),
    optimizer: below("state", optimizer),
    totals: below("totals", optimizer) as Totals,
    ...(times ? { times: JSON.parse(new TextDecoder().decode(times)) as LearnedTimes } : {}),
    ...{ images, step, sinceLog },
  };
  return { state, meta, path: placeOf(run, path) };
}

function tensorsOf(run: RunStorage, path: string, { contents }: CheckedFiles, name: string): Params {
  const file = placeOf(run, pathIn(path, name));
  const bytes = contents[name] ?? fail("runs/checkpoint", `${file} is missing.`);
  return toTensors(readSafetensors(bytes, { file }).tensors);
}

/** The tensors whose names start with `<prefix>/`, without it. */
function below(prefix: string, tensors: Params): Params {
  const entries = Object.entries(tensors).filter(([name]) => name.startsWith(`${prefix}/`));
  return Object.fromEntries(entries.map(([name, tensor]) => [name.slice(prefix.length + 1), tensor]));
}
