/** A file as published. */
export interface PublishedFile {
  /** What it is called on disk. */
  readonly name: string;
  /** The publisher's own address, then mirrors. */
  readonly urls: readonly string[];
  /** Bytes, where they are known. */
  readonly bytes?: number;
  /** Published, or computed from the published file. */
  readonly checksum: { readonly algorithm: "md5" | "sha256"; readonly hex: string };
}

/** A data set that can be downloaded. */
export interface PublishedSet {
  /** What the command calls it, and its folder. */
  readonly name: string;
  readonly about: string;
  /** Whose it is. */
  readonly source: string;
  /** As the publisher states it. */
  readonly licence: string;
  readonly files: readonly PublishedFile[];
  /** The files are archives, each of one folder that takes the set's place. */
  readonly unpack?: { readonly folder: string; readonly files: number; readonly bytes: number };
  /** A file that is there when all is done. */
  readonly proof: string;
}
