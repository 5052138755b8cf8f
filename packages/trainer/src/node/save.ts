import { join } from "node:path";
import type { Params } from "@ddpm/core";
import { fromTensors, safetensorsChunks } from "@ddpm/weights";
import { prefixed } from "../records.ts";
import type { TrainState } from "../state.ts";
import { syncFolder, unfinished, writeFileAtomic } from "./atomic.ts";
import { markBest, readBest } from "./best.ts";
import { explain } from "./explain.ts";
import { disk, type Files, hasCode } from "./files.ts";
import { checkpointsOf, listCheckpoints, nameOf, removeFolder, removeUnfinished } from "./layout.ts";
import { type FileFacts, factsOf, writeManifest } from "./manifest.ts";
import type { CheckpointMeta, SavedCheckpoint, SaveOptions } from "./types.ts";
import { isCopy } from "./verify.ts";

/**
 * Writes `checkpoints/<images>/` of a run: model, ema and optimizer.safetensors, times.json where times are learned,
 * then state.json with their lengths and checksums. The folder gets its name only when everything in it is on the disk, and `latest` names it only
 * then: killed at any moment, a run still has its last good checkpoint. One process writes to a run.
 *
 * @param run  the run's folder; made where missing
 * @param meta any JSON; the same state and meta give the same bytes
 * @throws DdpmError when the disk is full, with older checkpoints as they were and nothing half-written
 */
export async function saveCheckpoint(
  run: string,
  state: TrainState,
  meta: CheckpointMeta = {},
  { keep = Number.POSITIVE_INFINITY, keepEvery, best, files = disk }: SaveOptions = {},
): Promise<SavedCheckpoint> {
  const folder = checkpointsOf(run);
  const name = nameOf(state.images);
  const path = join(folder, name);
  const draft = unfinished(path);
  try {
    await files.mkdir(folder, { recursive: true });
    await removeUnfinished(run, files);
    await files.mkdir(draft);
    const tensors = await writeTensors(draft, state, files);
    const facts = { ...tensors, ...(await writeTimes(draft, state, files)) };
    const bytes = Object.values(facts).reduce((total, fact) => total + fact.bytes, 0);
    await writeFileAtomic(join(draft, "state.json"), writeManifest(state, facts, meta), files);
    await putInPlace(draft, path, files);
    await writeFileAtomic(join(folder, "latest"), `${name}\n`, files);
    if (best) await markBest(run, { ...best, images: state.images }, files);
    await rotate(run, await keptNames(run, state, keepEvery, files), keep, files);
    return { path, images: state.images, bytes };
  } catch (error) {
    await files.rm(draft, { recursive: true, force: true }).catch(() => {});
    return explain(path, error);
  }
}

/**
 * Does what a save that was killed had yet to do after its checkpoint was in place, and removes what it left unfinished:
 * for a run that goes on, where nothing may be left to save.
 *
 * @param state what the run goes on from: it is kept
 */
export async function finishSave(
  run: string,
  state: Pick<TrainState, "images" | "step">,
  { keep = Number.POSITIVE_INFINITY, keepEvery, files = disk }: Omit<SaveOptions, "best"> = {},
): Promise<void> {
  await removeUnfinished(run, files);
  await rotate(run, await keptNames(run, state, keepEvery, files), keep, files);
}

async function writeTensors(
  draft: string,
  state: TrainState,
  files: Files,
): Promise<Record<string, FileFacts>> {
  const contents: readonly (readonly [string, Params | undefined])[] = [
    ["model.safetensors", state.params],
    ["ema.safetensors", state.ema],
    ["optimizer.safetensors", { ...prefixed("state", state.optimizer), ...prefixed("totals", state.totals) }],
  ];
  const facts: Record<string, FileFacts> = {};
  for (const [file, params] of contents) {
    if (!params) continue;
    const chunks = safetensorsChunks(await fromTensors(params), { images: String(state.images) });
    facts[file] = factsOf(chunks);
    await writeFileAtomic(join(draft, file), chunks, files);
  }
  return facts;
}

/** What a sampler of training times has learned, as JSON. */
async function writeTimes(
  draft: string,
  { times }: TrainState,
  files: Files,
): Promise<Record<string, FileFacts>> {
  if (!times) return {};
  const bytes = new TextEncoder().encode(JSON.stringify(times));
  await writeFileAtomic(join(draft, "times.json"), [bytes], files);
  return { "times.json": factsOf([bytes]) };
}

/** Gives a finished folder its name; another of that name, from before a resume, stays if it is the same and whole. */
async function putInPlace(draft: string, path: string, files: Files): Promise<void> {
  try {
    await files.rename(draft, path);
  } catch (error) {
    if (!hasCode(error, "ENOTEMPTY", "EEXIST", "EPERM")) throw error;
    if (await isCopy(draft, path, files)) {
      await files.rm(draft, { recursive: true, force: true });
      return;
    }
    const old = unfinished(`${path}.old`);
    await files.rename(path, old);
    await files.rename(draft, path);
    await files.rm(old, { recursive: true, force: true });
  }
  await syncFolder(join(path, ".."), files);
}

/** Which checkpoints never go: the one just written, the best, and those at multiples of `keepEvery` images. */
async function keptNames(
  run: string,
  { images, step }: Pick<TrainState, "images" | "step">,
  keepEvery: number | undefined,
  files: Files,
): Promise<(images: number) => boolean> {
  const best = await readBest(run, files);
  const batch = images / Math.max(step, 1);
  const reached = (at: number): boolean =>
    keepEvery !== undefined && Math.floor(at / keepEvery) > Math.floor((at - batch) / keepEvery);
  return (at) => at === images || at === best?.images || reached(at);
}

/** Deletes all but the last `keep` and those that are kept anyway. */
async function rotate(
  run: string,
  kept: (images: number) => boolean,
  keep: number,
  files: Files,
): Promise<void> {
  const names = await listCheckpoints(run, files);
  const old = names.slice(0, Math.max(names.length - keep, 0)).filter((name) => !kept(Number(name)));
  for (const name of old) await removeFolder(join(checkpointsOf(run), name), files);
}
