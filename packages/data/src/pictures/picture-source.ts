/** Encoded pictures, wherever they are stored. */
export interface PictureSource {
  /** What the set is called. */
  readonly name: string;
  /** Absolute path of the file or folder. */
  readonly path: string;
  /** What each picture is called within the set, [N], N from 1. */
  readonly names: readonly string[];
  /** What messages call a picture: with its path. */
  file(index: number): string;
  /** Whether a picture is all that its file holds, so that its decoder can read it. */
  readonly alone?: boolean;
  /** The bytes of a picture's file. */
  bytes(index: number): Promise<Uint8Array>;
  /** Class names, and the label of each picture, [N]. */
  readonly labelling?:
    | { readonly classes: readonly string[]; readonly labels: readonly number[] }
    | undefined;
  /** What each picture shows in words, [N], where captions were asked for. */
  readonly captions?: readonly string[] | undefined;
  /** JSON that changes when the content does. */
  readonly identity: unknown;
  /** JSON that changes when a file is written again, for caches; when `path` was written, unless given. */
  readonly stamp?: unknown;
  /** Reading in another order costs much more: a cache on disk is filled before all else. */
  readonly ordered?: boolean;
}
