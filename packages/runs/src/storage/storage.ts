/** What a file is written from: text, bytes, or bytes in pieces. */
export type FileContent = string | Uint8Array | readonly Uint8Array[];

/**
 * Where files of a run are stored. Paths are relative, with "/" between their names; folders are made when something is
 * written into them. One process writes to a run at a time, any number may read.
 */
export interface RunStorage {
  /** The name of the root in messages, e.g. the path of a folder. */
  readonly location: string;
  /** The bytes of a file; undefined where there is none. */
  read(path: string): Promise<Uint8Array | undefined>;
  /**
   * Writes a file as a whole: a reader sees the old content or the new one, even when the process is killed in between.
   *
   * @throws DdpmError when there is no space left, or the storage is not writable; the old content is intact then
   */
  write(path: string, content: FileContent): Promise<void>;
  /** The names of the files and folders in a folder, sorted; none where there is no such folder. The root is "". */
  list(folder: string): Promise<string[]>;
  /** Removes a file, or a folder with all that is in it; does nothing where there is none. */
  remove(path: string): Promise<void>;
  /**
   * Gives a file or folder another path, in a folder that exists. A file replaces the one that is there.
   *
   * @throws when there is nothing at `from`, or a folder with something in it at `to`
   */
  rename(from: string, to: string): Promise<void>;
  /**
   * Adds to the end of a file, which programs that follow it (`tail -f`, TensorBoard) keep open; makes it where there is
   * none. Either all of it is added or nothing.
   */
  append(path: string, content: string | Uint8Array): Promise<void>;
  /** Shortens a file to its first bytes; programs that follow it keep it open. */
  truncate(path: string, bytes: number): Promise<void>;
  /** SHA-256 in hex, where the platform hashes faster than Web Crypto: large files are hashed piece by piece. */
  sha256?(pieces: readonly Uint8Array[]): string;
}

/** The path of something in a folder; the root is "". */
export function pathIn(folder: string, name: string): string {
  if (folder === "") return name;
  return name === "" ? folder : `${folder}/${name}`;
}

/** A path with the location of its storage, for messages. */
export function placeOf({ location }: RunStorage, path: string): string {
  return pathIn(location, path);
}
