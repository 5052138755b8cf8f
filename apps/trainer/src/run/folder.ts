import { rm } from "node:fs/promises";
import { join } from "node:path";
import type { RunConfig, RunStorage } from "@ddpm/runs";
import { type ImageLatents, isRun, keepAutoencoder, updateRunConfig } from "@ddpm/runs/authoring";
import { fsStorage } from "@ddpm/runs/node";
import { makeFolder } from "@ddpm/runs/node/authoring";

/** The paths of a run's files. */
export interface RunFolder {
  readonly path: string;
  /** The same folder as a storage. */
  readonly storage: RunStorage;
  readonly config: string;
  readonly samples: string;
  /** The grid drawn when training is over. */
  readonly finalGrid: string;
  readonly lossChart: string;
  /** The page with everything on it. */
  readonly report: string;
}

/** The files of the run folder at `path`, whether they exist or not. */
export function runFolder(path: string): RunFolder {
  return {
    path,
    storage: fsStorage(path),
    config: join(path, "config.json"),
    samples: join(path, "samples"),
    finalGrid: join(path, "samples", "final.png"),
    lossChart: join(path, "loss.svg"),
    report: join(path, "report.html"),
  };
}

/** Makes the folders of a run and writes its configuration, last, and the autoencoder of one in latents; removes them where that fails for a run that was not begun. */
export async function beginRun(
  folder: RunFolder,
  config: RunConfig,
  latents?: Pick<ImageLatents, "params">,
): Promise<void> {
  const folders = [folder.samples, join(folder.path, "checkpoints")];
  const begun = await isRun(folder.storage);
  try {
    for (const path of folders) await makeFolder(path);
    if (latents && !begun) await keepAutoencoder(folder.storage, latents.params);
    await updateRunConfig(folder.storage, config);
  } catch (error) {
    if (!begun) for (const path of folders) await rm(path, { recursive: true, force: true });
    throw error;
  }
}
