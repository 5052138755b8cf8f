import type { Dataset } from "@ddpm/core";
import type { NotUsed } from "../datasets/not-used.ts";
import type { ClassSubset } from "../labels/class-subset.ts";
import type { Contents } from "../listing/contents.ts";
import type { PictureSource } from "../pictures/picture-source.ts";
import type { PictureOptions } from "./picture-options.ts";

/** Where images are stored: a path on a disk, or the files that a page was given. */
export interface Place {
  /** Absolute, or what messages call the files. */
  readonly path: string;
  /** What the set is called, where the caller says it. */
  readonly name?: string | undefined;
  /**
   * All files of the folder or archive, and what they are; looked at once.
   *
   * @throws DdpmError for an archive that is damaged, or names that lead outside or are there twice
   */
  contents(): Promise<Contents>;
}

/** Images as arrays of one size. */
export interface StoredArrays {
  readonly set: Dataset;
  readonly notUsed?: readonly NotUsed[];
}

/** Encoded pictures, which Node and browsers decode each in their own way. */
export interface StoredPictures {
  readonly source: PictureSource;
  readonly notUsed?: readonly NotUsed[];
  /** Labels by other names of their classes, which `classes` may use, too. */
  readonly classNumbers?: ReadonlyMap<string, number>;
}

/** How images are brought to one size, and which classes are kept. */
export interface ImageSettings extends PictureOptions, ClassSubset {}

/** Limits of the machine on what a format may hold. */
export interface ReadLimits {
  /** Most bytes of encoded pictures to keep in memory, where the format's own option allows more. */
  readonly memory?: number | undefined;
}

/** One way to store images in files, read in Node and in browsers. */
export interface DataFormat {
  /** What the format's options say of its images; the defaults when left out. */
  readonly images?: ImageSettings;
  /** Whether the place looks like this format: cheap, and without error whatever is there. */
  recognises(place: Place): boolean | Promise<boolean>;
  /** @throws DdpmError naming the file that does not hold what it should */
  read(place: Place, limits?: ReadLimits): Promise<StoredArrays | StoredPictures>;
}
