import { stat } from "node:fs/promises";
import { basename, dirname, join } from "node:path";
import { fail, type Plugin, plugin } from "@ddpm/core";
import { z } from "zod";
import { type CifarVariant, cifarDataset, cifarRecord } from "../../cifar.ts";
import { type ClassSubset, classSubset } from "../../class-subset.ts";
import { resized } from "../../resized.ts";
import { bytesOf } from "../files.ts";
import type { DataFormat } from "../format.ts";
import { type Place, placeAt } from "../place.ts";
import { subsetOptions } from "../subset-options.ts";
import { linesOf } from "../text-lines.ts";

/** Options of {@link cifar}. */
export interface CifarOptions extends ClassSubset {
  /** Which images of a folder: `train` (default) or `test`. */
  readonly split?: "train" | "test" | undefined;
  /** CIFAR-100: 100 classes (`fine`, default) or 20 (`coarse`). */
  readonly level?: "fine" | "coarse" | undefined;
  /** 10 or 100, where neither the files' names nor their lengths tell. */
  readonly variant?: CifarVariant | undefined;
  /** Side in pixels to stretch images to, as torchvision's `Resize` does. */
  readonly size?: number | undefined;
}

const BATCH = /^(data_batch_\d+|test_batch)\.bin$/;
const META = ["batches.meta.txt", "fine_label_names.txt", "coarse_label_names.txt"];

/**
 * CIFAR-10 or CIFAR-100 in their binary version: the folder as published, or one `.bin` file. Class names come from
 * `batches.meta.txt`, `fine_label_names.txt` or `coarse_label_names.txt` beside the files.
 *
 * Source: Krizhevsky, "The CIFAR-10 dataset", binary version.
 */
export const cifar: Plugin<CifarOptions, DataFormat> = plugin({
  name: "cifar",
  about:
    "CIFAR-10 or CIFAR-100, binary version: a folder with data_batch_*.bin or train.bin, or one .bin file",
  source: "Krizhevsky, The CIFAR-10 dataset, binary version",
  options: {
    ...subsetOptions,
    split: z.enum(["train", "test"]).default("train").describe("which images of a folder"),
    level: z.enum(["fine", "coarse"]).default("fine").describe("CIFAR-100's 100 or 20 classes"),
    variant: z
      .union([z.literal(10), z.literal(100)])
      .optional()
      .describe("10 or 100, where the files do not tell"),
    size: z.number().int().min(1).max(4096).optional().describe("side in pixels to stretch images to"),
  },
  create: (options) => ({
    async recognises({ path, kind, names }) {
      if (kind === "folder") return names.some((name) => BATCH.test(name)) || isHundred(names);
      if (!path.endsWith(".bin")) return false;
      const { size } = await stat(path);
      return size > 0 && ([10, 100] as const).some((variant) => size % cifarRecord(variant) === 0);
    },
    async open(place) {
      const folder = place.kind === "folder" ? place : await placeAt(dirname(place.path));
      const names = place.kind === "folder" ? batches(place, options.split) : [basename(place.path)];
      const files = await Promise.all(
        names.map(async (name) => {
          const file = join(folder.path, name);
          return { file, bytes: await bytesOf(file) };
        }),
      );
      const variant = options.variant ?? variantOf(folder, names, files[0]!.bytes.length);
      const { level } = options;
      const meta = variant === 10 ? META[0]! : `${level}_label_names.txt`;
      const classNames = folder.names.includes(meta) ? await linesOf(join(folder.path, meta)) : undefined;
      const name = `cifar-${variant}`;
      const set = cifarDataset(files, { name, variant, level, classNames });
      const sized = options.size === undefined ? set : resized(set, options.size, options.size);
      return { ...classSubset(sized, options), path: place.path };
    },
  }),
});

function isHundred(names: readonly string[]): boolean {
  return (
    names.includes("fine_label_names.txt") && (names.includes("train.bin") || names.includes("test.bin"))
  );
}

function batches({ path, names }: Place, split: "train" | "test"): string[] {
  const ten = split === "train" ? /^data_batch_\d+\.bin$/ : /^test_batch\.bin$/;
  const found = names.filter((name) => (isHundred(names) ? name === `${split}.bin` : ten.test(name)));
  if (found.length > 0) return found;
  const wanted = isHundred(names)
    ? `${split}.bin`
    : split === "train"
      ? "data_batch_*.bin"
      : "test_batch.bin";
  return fail("data/cifar", `${path} has no ${wanted}.`, "Choose the other split or place the file.");
}

/** By the files' names, else by the length that only one of the two has. */
function variantOf({ names }: Place, files: readonly string[], bytes: number): CifarVariant {
  if (files.every((name) => BATCH.test(name))) return 10;
  if (isHundred(names)) return 100;
  return bytes % cifarRecord(10) === 0 ? 10 : 100;
}
