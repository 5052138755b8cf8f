import type { Params } from "@ddpm/core";
import { mapTree } from "@ddpm/core/step";
import type { TrainState } from "@ddpm/trainer";
import { fromTensors, safetensorsChunks } from "@ddpm/weights";
import { placeOf, type RunStorage } from "../storage/storage.ts";
import { unfinished } from "../storage/unfinished.ts";
import { markBest, readBest } from "./best.ts";
import {
  checkpointPath,
  listCheckpoints,
  removeCheckpoint,
  removeUnfinished,
  writeLatest,
} from "./layout.ts";
import { type FileFacts, factsOf, manifestText } from "./manifest.ts";
import type { CheckpointMeta, SavedCheckpoint, SaveOptions } from "./types.ts";
import { isCopy } from "./verify.ts";

/**
 * Writes `checkpoints/<images>/` of a run: model, ema and optimizer.safetensors, times.json where times are learned,
 * and state.json with their lengths and checksums. The folder gets its name when everything in it is written, and `latest`
 * names it after that: killed at any moment, a run still has its last whole checkpoint. One process writes to a run.
 *
 * @param meta any JSON; the same state and meta give the same bytes
 * @throws DdpmError when there is no space left; older checkpoints are intact then
 */
export async function saveCheckpoint(
  run: RunStorage,
  state: TrainState,
  meta: CheckpointMeta = {},
  { keep = Number.POSITIVE_INFINITY, keepEvery, best }: SaveOptions = {},
): Promise<SavedCheckpoint> {
  const { images } = state;
  const path = checkpointPath(images);
  const draft = unfinished(path);
  try {
    await removeUnfinished(run);
    const files = await writeFiles(run, draft, state);
    const bytes = Object.values(files).reduce((total, facts) => total + facts.bytes, 0);
    await run.write(`${draft}/state.json`, await manifestText(run, state, files, meta));
    await putInPlace(run, draft, path);
    await writeLatest(run, images);
    if (best) await markBest(run, { ...best, images });
    await rotate(run, keep, await isKept(run, state, keepEvery));
    return { path: placeOf(run, path), images, bytes };
  } catch (error) {
    await run.remove(draft).catch(() => {});
    throw error;
  }
}

/**
 * Finishes what a save that was killed left undone after its checkpoint was in place, and removes what is unfinished: for
 * a run that resumes.
 *
 * @param state what the run resumes from: its checkpoint is kept
 */
export async function finishSave(
  run: RunStorage,
  state: Pick<TrainState, "images" | "step">,
  { keep = Number.POSITIVE_INFINITY, keepEvery }: Omit<SaveOptions, "best"> = {},
): Promise<void> {
  await removeUnfinished(run);
  await rotate(run, keep, await isKept(run, state, keepEvery));
}

async function writeFiles(
  run: RunStorage,
  draft: string,
  state: TrainState,
): Promise<Record<string, FileFacts>> {
  const optimizer: Record<string, Params[string]> = {};
  mapTree({ state: state.optimizer, totals: state.totals }, (tensor, path) => {
    optimizer[path] = tensor;
    return tensor;
  });
  const tensors = { model: state.params, ema: state.ema, optimizer };
  const facts: Record<string, FileFacts> = {};
  const write = async (file: string, chunks: readonly Uint8Array[]): Promise<void> => {
    facts[file] = await factsOf(run, chunks);
    await run.write(`${draft}/${file}`, chunks);
  };
  for (const [name, params] of Object.entries(tensors)) {
    if (!params) continue;
    const chunks = safetensorsChunks(await fromTensors(params), { images: String(state.images) });
    await write(`${name}.safetensors`, chunks);
  }
  if (state.times) await write("times.json", [new TextEncoder().encode(JSON.stringify(state.times))]);
  return facts;
}

/** Gives a finished folder its path; one that is there already, from before a resume, stays when it is the same and whole. */
async function putInPlace(run: RunStorage, draft: string, path: string): Promise<void> {
  if ((await run.list(path)).length === 0) return run.rename(draft, path);
  if (await isCopy(run, draft, path)) return run.remove(draft);
  const old = unfinished(`${path}.old`);
  await run.rename(path, old);
  await run.rename(draft, path);
  await run.remove(old);
}

/** Which checkpoints are never deleted: the one just written, the best, and those that reach a multiple of `keepEvery`. */
async function isKept(
  run: RunStorage,
  { images, step }: Pick<TrainState, "images" | "step">,
  keepEvery: number | undefined,
): Promise<(images: number) => boolean> {
  const best = await readBest(run);
  const batch = images / Math.max(step, 1);
  const reached = (at: number): boolean =>
    keepEvery !== undefined && Math.floor(at / keepEvery) > Math.floor((at - batch) / keepEvery);
  return (at) => at === images || at === best?.images || reached(at);
}

/** Deletes all but the last `keep` and those that are never deleted. */
async function rotate(run: RunStorage, keep: number, kept: (images: number) => boolean): Promise<void> {
  const saved = await listCheckpoints(run);
  const old = saved.slice(0, Math.max(saved.length - keep, 0)).filter((images) => !kept(images));
  for (const images of old) await removeCheckpoint(run, images);
}
