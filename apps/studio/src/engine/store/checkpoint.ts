import type { Params } from "@ddpm/core";
import type { Totals, TrainState } from "@ddpm/trainer";
import { fromTensors, readSafetensors, toTensors, writeSafetensors } from "@ddpm/weights";
import { listNames, readFile, readText, remove, writeFile } from "./files.ts";
import { factsOf, type Manifest, readManifest, writeManifest } from "./manifest.ts";
import { sha256 } from "./sha256.ts";

/** Checkpoints kept of a run. */
const KEEP = 2;

/** What is known of a checkpoint without reading its weights. */
export type CheckpointMeta = Manifest["meta"];

const folderOf = (run: string): string => `runs/${run}/checkpoints`;

/** Name of the checkpoint after so many images: names sort as numbers do. */
const nameOf = (images: number): string => String(images).padStart(12, "0");

/** Saves the state of a run in the form of a run folder; `latest` names it only when all of it is written. */
export async function saveCheckpoint(run: string, state: TrainState, meta: CheckpointMeta): Promise<void> {
  const name = nameOf(state.images);
  const folder = `${folderOf(run)}/${name}`;
  const contents: Record<string, Params | undefined> = {
    "model.safetensors": state.params,
    "ema.safetensors": state.ema,
    "optimizer.safetensors": { ...prefixed("state", state.optimizer), ...prefixed("totals", state.totals) },
  };
  const files: Manifest["files"] = {};
  for (const [file, params] of Object.entries(contents)) {
    if (!params) continue;
    const bytes = writeSafetensors(await fromTensors(params), { images: String(state.images) });
    files[file] = await factsOf(bytes as Uint8Array<ArrayBuffer>);
    await writeFile(`${folder}/${file}`, bytes as Uint8Array<ArrayBuffer>);
  }
  if (state.times) {
    // What a sampler of training times has learned.
    const bytes = new TextEncoder().encode(JSON.stringify(state.times));
    files["times.json"] = await factsOf(bytes);
    await writeFile(`${folder}/times.json`, bytes);
  }
  const { images, step, sinceLog } = state;
  await writeFile(
    `${folder}/state.json`,
    await writeManifest({ format: 1, images, step, sinceLog, files, meta }),
  );
  await writeFile(`${folderOf(run)}/latest`, `${name}\n`);
  const old = (await listNames(folderOf(run))).filter((other) => /^\d+$/.test(other)).slice(0, -KEEP);
  for (const other of old) await remove(`${folderOf(run)}/${other}`);
}

/** Images seen by the newest checkpoint, its folder and its notes; undefined where there is none. */
export async function latestCheckpoint(
  run: string,
): Promise<{ readonly folder: string; readonly manifest: Manifest } | undefined> {
  const latest = (await readText(`${folderOf(run)}/latest`))?.trim();
  if (!latest) return undefined;
  const folder = `${folderOf(run)}/${latest}`;
  const text = await readText(`${folder}/state.json`);
  return text === undefined ? undefined : { folder, manifest: readManifest(text) };
}

/**
 * Everything to go on from.
 *
 * @throws when there is no checkpoint, or a file is not what was written
 */
export async function loadState(
  run: string,
): Promise<{ readonly state: TrainState; readonly meta: CheckpointMeta }> {
  const { folder, manifest } = await found(run);
  const optimizer = await tensorsOf(folder, manifest, "optimizer.safetensors");
  const { images, step, sinceLog, meta } = manifest;
  return {
    state: {
      params: await tensorsOf(folder, manifest, "model.safetensors"),
      ...(manifest.files["ema.safetensors"]
        ? { ema: await tensorsOf(folder, manifest, "ema.safetensors") }
        : {}),
      optimizer: under("state", optimizer),
      totals: under("totals", optimizer) as Totals,
      ...(await timesOf(folder, manifest)),
      ...{ images, step, sinceLog },
    },
    meta,
  };
}

/** The weights to sample with: averaged ones where there are some. */
export async function loadWeights(
  run: string,
): Promise<{ readonly params: Params; readonly meta: CheckpointMeta }> {
  const { folder, manifest } = await found(run);
  const file = manifest.files["ema.safetensors"] ? "ema.safetensors" : "model.safetensors";
  return { params: await tensorsOf(folder, manifest, file), meta: manifest.meta };
}

async function found(run: string): Promise<{ readonly folder: string; readonly manifest: Manifest }> {
  const latest = await latestCheckpoint(run);
  if (!latest) throw new Error("This run has no checkpoint yet.");
  return latest;
}

async function timesOf(folder: string, manifest: Manifest): Promise<Pick<TrainState, "times">> {
  if (!manifest.files["times.json"]) return {};
  const bytes = await wholeFile(folder, manifest, "times.json");
  return { times: JSON.parse(new TextDecoder().decode(bytes)) as NonNullable<TrainState["times"]> };
}

async function tensorsOf(folder: string, manifest: Manifest, name: string): Promise<Params> {
  return toTensors(readSafetensors(await wholeFile(folder, manifest, name), { file: name }).tensors);
}

/** The bytes of a file, checked. */
async function wholeFile(
  folder: string,
  { files }: Manifest,
  name: string,
): Promise<Uint8Array<ArrayBuffer>> {
  const facts = files[name];
  const file = facts && (await readFile(`${folder}/${name}`));
  if (!file) throw new Error(`The checkpoint has no ${name}.`);
  const bytes = new Uint8Array(await file.arrayBuffer());
  if (bytes.length !== facts.bytes || (await sha256(bytes)) !== facts.sha256) {
    throw new Error(`${name} of the checkpoint is damaged: it is not what was written.`);
  }
  return bytes;
}

function prefixed(prefix: string, params: Params): Params {
  return Object.fromEntries(Object.entries(params).map(([name, value]) => [`${prefix}/${name}`, value]));
}

function under(prefix: string, params: Params): Params {
  const start = `${prefix}/`;
  const own = Object.entries(params).filter(([name]) => name.startsWith(start));
  return Object.fromEntries(own.map(([name, value]) => [name.slice(start.length), value]));
}
