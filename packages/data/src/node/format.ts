import type { Dataset } from "@ddpm/core";
import type { Place } from "./place.ts";

/** An image that did not decode and was left out. */
export interface SkippedImage {
  /** Path within the folder. */
  readonly file: string;
  readonly reason: string;
}

/** A set from files. */
export interface OpenedDataset extends Dataset {
  /** Absolute path of the file or folder. */
  readonly path: string;
  /** What was left out, where the format was told to do so. */
  readonly skipped?: readonly SkippedImage[];
}

/** One way to store images in files. */
export interface DataFormat {
  /** Whether the place looks like this format: cheap, and without error whatever is there. */
  recognises(place: Place): boolean | Promise<boolean>;
  /** @throws DdpmError naming the file that does not hold what it should */
  open(place: Place): Promise<OpenedDataset>;
}
