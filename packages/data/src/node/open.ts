import { extname } from "node:path";
import type { Registry } from "@ddpm/core";
import type { DataFormat } from "../formats/format.ts";
import type { IdxOptions } from "../formats/idx.ts";
import type { ImagesOptions } from "../formats/images.ts";
import { formats as builtIn } from "../formats/index.ts";
import { recognised } from "../formats/recognised.ts";
import type { OpenedDataset } from "./format.ts";
import { openStored } from "./open-stored.ts";
import { type PlaceOnDisk, placeAt } from "./place.ts";
import type { DataWorkers } from "./workers/pool.ts";

/** How {@link openDataset} finds the format; every other option is the format's own. */
export interface OpenChoice {
  /** The format's name, instead of finding out. */
  readonly format?: string | undefined;
  /** The built-in ones, or more: `formats.with(mine)`. */
  readonly formats?: Registry<DataFormat> | undefined;
  /** Threads to decode pictures in, the caller's to close; otherwise they are decoded here. */
  readonly workers?: DataWorkers | undefined;
}

/** Options of {@link openDataset} for the built-in formats, or for any other. */
export type OpenOptions = OpenChoice & (IdxOptions | ImagesOptions | Readonly<Record<string, unknown>>);

/**
 * Opens a set of images, whatever its format.
 *
 * @param path a file or a folder
 * @returns a set whose images are decoded when they are read
 * @throws DdpmError for a path where nothing is, a format that is not known (saying what is there and what is
 *   known), an option that the format does not take, or files that do not hold what they should
 */
export async function openDataset(path: string, options: OpenOptions = {}): Promise<OpenedDataset> {
  const { format, formats = builtIn } = options;
  const place = await placeAt(path, memoryOf(options));
  return openPlace(place, format ?? (await formatOf(place, formats)), options);
}

/** {@link openDataset} for a place that was looked at, in a known format. */
export async function openPlace(
  place: PlaceOnDisk,
  name: string,
  options: OpenOptions,
): Promise<OpenedDataset> {
  const { format: _, formats = builtIn, workers, ...own } = options;
  const plugin = formats.get(name);
  // What a gzipped TAR may take, whatever is in it.
  const { memory, ...rest } = own as { readonly memory?: unknown };
  const taken = memory === undefined || "memory" in plugin.schema.shape ? own : rest;
  const opened = plugin(taken as never);
  return openStored(place, await opened.read(place), opened.images, { workers });
}

/** Bytes that a gzipped TAR may take unpacked. */
export function memoryOf(options: OpenOptions): number | undefined {
  const { memory } = options as { readonly memory?: unknown };
  return typeof memory === "number" && memory >= 1 ? memory * 2 ** 20 : undefined;
}

/**
 * The name of the format that a path is in.
 *
 * @throws DdpmError for a path where nothing is, or nothing known
 */
export async function recognisedFormat(
  path: string,
  formats: Registry<DataFormat> = builtIn,
): Promise<string> {
  return formatOf(await placeAt(path), formats);
}

/** {@link recognisedFormat} of a place that was looked at. */
export function formatOf(place: PlaceOnDisk, formats: Registry<DataFormat>): Promise<string> {
  return recognised(place, formats, description(place));
}

function description({ kind, names, head, path }: PlaceOnDisk): string {
  if (kind === "file") {
    if (head.length === 0) return "an empty file";
    const hex = [...head.subarray(0, 4)].map((byte) => byte.toString(16).padStart(2, "0")).join(" ");
    return `a file ${extname(path) ? `ending in ${extname(path)} ` : ""}that begins with ${hex}`;
  }
  if (names.length === 0) return "an empty folder";
  const endings = [...new Set(names.map((name) => extname(name)).filter(Boolean))].slice(0, 6);
  const kinds = endings.length > 0 ? ` (${endings.join(", ")})` : "";
  return `a folder with ${names.length} ${names.length === 1 ? "entry" : "entries"}${kinds}`;
}
