import { existsSync } from "node:fs";
import { basename, dirname, join } from "node:path";
import { type Denoiser, fail, type Params } from "@ddpm/core";
import { importWeights, type TensorNames as Names } from "@ddpm/exchange";
import type { SafeTensor } from "@ddpm/weights";
import { z } from "zod";
import { jsonOf, readText } from "./origin.ts";
import { chooseWeights } from "./prefixes.ts";
import { openWeights, type WeightsFile } from "./weights-file.ts";

/**
 * Reads a network's weights from a safetensors file, or from the parts that `file.index.json` beside it names: only the
 * tensors that the network needs, after their names and sizes have been checked by the headers.
 *
 * @param raw where a file holds averaged weights, too: those as trained
 * @returns the caller's to dispose
 * @throws DdpmError for a file that is missing, damaged, a pickle, or holds another network
 */
export async function readWeights(
  path: string,
  denoiser: Denoiser,
  names: Names,
  raw: boolean,
): Promise<Params> {
  const file = await openFile(path);
  const chosen = chooseWeights(file.shapes, denoiser, names, raw);
  const tensors = await file.read(chosen.keys());
  const named: Record<string, SafeTensor> = {};
  for (const [theirs, plain] of chosen) named[plain] = tensors[theirs]!;
  return importWeights(denoiser, names, named);
}

/** Shapes of the tensors of a file, or of its parts, by name. */
export async function weightShapes(path: string): Promise<Readonly<Record<string, readonly number[]>>> {
  return (await openFile(path)).shapes;
}

function openFile(path: string): Promise<WeightsFile> {
  const index = `${path}.index.json`;
  return !existsSync(path) && existsSync(index) ? openParts(index) : openWeights(path);
}

const indexSchema = z.looseObject({ weight_map: z.record(z.string(), z.string()) });

/**
 * Several files as one.
 *
 * @throws DdpmError for a part outside the index's folder, or one that lacks a tensor or holds one more
 */
async function openParts(index: string): Promise<WeightsFile> {
  const parsed = indexSchema.safeParse(jsonOf(await readText(index), index));
  if (!parsed.success) fail("import", `${index}: expected "weight_map", files by tensors.`);
  const homes = new Map(Object.entries(parsed.data.weight_map));
  const parts = new Map<string, WeightsFile>();
  const shapes: Record<string, readonly number[]> = {};
  for (const part of new Set(homes.values())) {
    if (part !== basename(part)) fail("import", `${index} names "${part}", expected files beside it.`);
    const opened = await openWeights(join(dirname(index), part));
    for (const [name, shape] of Object.entries(opened.shapes)) {
      if (homes.get(name) !== part) fail("import", `${part} holds "${name}", which ${index} does not say.`);
      shapes[name] = shape;
    }
    parts.set(part, opened);
  }
  const lost = [...homes.keys()].find((name) => !(name in shapes));
  if (lost !== undefined) fail("import", `${homes.get(lost)} has no "${lost}", which ${index} says it has.`);
  return {
    shapes,
    async read(names) {
      const wanted = [...names];
      const found: Record<string, SafeTensor> = {};
      for (const [part, opened] of parts) {
        Object.assign(found, await opened.read(wanted.filter((name) => homes.get(name) === part)));
      }
      return found;
    },
  };
}
