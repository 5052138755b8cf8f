import { readFile } from "node:fs/promises";
import type { Registry } from "@ddpm/core";
import type { ExtractorRecipe, ExtractorSources } from "../extractors/extractor.ts";
import { extractors } from "../extractors/index.ts";
import { folderStore } from "./folder-store.ts";
import { onnxExtractor } from "./onnx.ts";

export { folderStore } from "./folder-store.ts";
export { onnxExtractor } from "./onnx.ts";

/** Every built-in extractor, with those that need Node. */
export const nodeExtractors: Registry<ExtractorRecipe> = extractors.with(onnxExtractor);

/**
 * Sources of extractors from files: weights are read from disk, trained ones kept in a folder.
 *
 * @param folder where trained weights and real features are cached, e.g. next to the data
 */
export function nodeSources(folder: string): Required<Pick<ExtractorSources, "read" | "store">> {
  return { read: async (path) => new Uint8Array(await readFile(path)), store: folderStore(folder) };
}
