import { existsSync } from "node:fs";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { type FolderLayout, layoutOf, PIPELINE } from "../pipeline/layout.ts";
import { unreadable } from "./weights-file.ts";

/** A folder of diffusers: its own files as texts, and where its weights are. */
export interface PipelineFolder {
  readonly layout: FolderLayout;
  /** Path of the weights; in parts, `PATH.index.json` names them. */
  readonly weights: string;
  /** Texts by their names in the folder: the network's configuration, and the pipeline's and the scheduler's where they are there. */
  readonly texts: Readonly<Record<string, string>>;
}

/**
 * Reads the texts of a pipeline's folder, or of a model's.
 *
 * @throws DdpmError for a file that is missing or cannot be read
 */
export async function readFolder(path: string): Promise<PipelineFolder> {
  const layout = layoutOf((file) => existsSync(join(path, file)));
  const needed = [layout.config, ...(layout === PIPELINE ? [layout.index, layout.scheduler] : [])];
  const texts: Record<string, string> = {};
  for (const name of [layout.index, layout.config, layout.scheduler]) {
    const file = join(path, name);
    if (!needed.includes(name) && !existsSync(file)) continue;
    texts[name] = await readFile(file, "utf8").catch((cause: Error) => unreadable(file, cause));
  }
  return { layout, weights: join(path, layout.weights), texts };
}
