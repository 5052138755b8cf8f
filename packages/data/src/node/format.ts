import type { Dataset } from "@ddpm/core";
import type { NotUsed } from "../datasets/not-used.ts";
import type { DataWorkers } from "./workers/pool.ts";

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
  /** What was left out, where an option asks for it. */
  readonly skipped?: readonly SkippedImage[];
  /** What is there too and was not used: lists, other splits, files of other kinds; undefined where nobody looked. */
  readonly notUsed?: readonly NotUsed[];
  /** Whether images are decoded when they are read, which takes time; otherwise they are at hand. */
  readonly decodes?: boolean;
  /** The files of pictures as they are stored; absent for other formats, and where some of them were left out. */
  readonly encoded?: EncodedPictures;
  /** Closes files that are kept open. */
  close?(): Promise<void>;
}

/** Pictures before they are decoded. */
export interface EncodedPictures {
  /** What each is called within the set, [N]. */
  readonly names: readonly string[];
  bytes(index: number): Promise<Uint8Array>;
}

/** What a format may use to do its work. */
export interface OpenTools {
  /** Where pictures are decoded; in this thread when absent. */
  readonly workers?: DataWorkers | undefined;
}
