import { existsSync } from "node:fs";
import { readFile } from "node:fs/promises";
import { basename, dirname, join } from "node:path";
import { type Denoiser, fail, type Params } from "@ddpm/core";
import type { SafeTensor } from "@ddpm/weights";
import * as z from "zod";
import { chooseWeights } from "../weights/choose.ts";
import type { TensorNames } from "../weights/names.ts";
import { importWeights } from "../weights/transfer.ts";
import { openWeights, unreadable, type WeightsFile } from "./weights-file.ts";

const WHERE = "exchange/weights-file";

/**
 * Reads a network's weights from a safetensors file, or from the parts that `file.index.json` next to it names: only the
 * tensors that the network needs, after their names and sizes have been checked by the headers.
 *
 * @param raw of a file that holds averaged weights, too: those as trained
 * @returns the caller's to dispose
 * @throws DdpmError for a file that is missing, damaged, a pickle, or holds another network
 */
export async function readWeights(
  path: string,
  denoiser: Pick<Denoiser, "name" | "specs">,
  names: TensorNames,
  raw = false,
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
  const text = await readFile(index, "utf8").catch((cause: Error) => unreadable(index, cause));
  const parsed = indexSchema.safeParse(jsonOf(text));
  if (!parsed.success) fail(WHERE, `${index}: expected "weight_map", files by tensors.`);
  const homes = new Map(Object.entries(parsed.data.weight_map));
  const parts = new Map<string, WeightsFile>();
  const shapes: Record<string, readonly number[]> = {};
  for (const part of new Set(homes.values())) {
    if (part !== basename(part)) fail(WHERE, `${index} names "${part}", expected files next to it.`);
    const opened = await openWeights(join(dirname(index), part));
    for (const [name, shape] of Object.entries(opened.shapes)) {
      if (homes.get(name) !== part) fail(WHERE, `${part} holds "${name}", which ${index} does not list.`);
      shapes[name] = shape;
    }
    parts.set(part, opened);
  }
  const lost = [...homes.keys()].find((name) => !(name in shapes));
  if (lost !== undefined) fail(WHERE, `${homes.get(lost)} has no "${lost}", which ${index} lists there.`);
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

/** What JSON holds; undefined for other text. */
function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
