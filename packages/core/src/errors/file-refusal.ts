/** What the file system's refusals mean, by their codes: a sentence's end and what to do. */
const REFUSALS: Readonly<Record<string, readonly [what: string, hint: string]>> = {
  ENOENT: ["does not exist", "Check the path."],
  ENOTDIR: ["is below a file, expected a folder there", "Check the path."],
  EISDIR: ["is a folder, expected a file", "Give the path of a file."],
  EEXIST: ["exists already", "Give another path."],
  ENOTEMPTY: ["is a folder that is not empty", "Give another path."],
  EACCES: ["may not be accessed by this user", "Change its permissions, or give another path."],
  EPERM: ["may not be accessed by this user", "Change its permissions, or give another path."],
  EROFS: ["is on a read-only file system", "Give another path."],
  ENOSPC: ["cannot be written: no space is left on the device", "Free some space."],
  EDQUOT: ["cannot be written: the user's disk quota is used up", "Free some space."],
  EMFILE: ["cannot be opened: this process has too many open files", "Raise the limit (`ulimit -n`)."],
  ENFILE: ["cannot be opened: the system has too many open files", "Close other programs."],
  ELOOP: ["is a link that leads back to itself", "Check the link."],
  ENAMETOOLONG: ["is too long for a path", "Give a shorter path."],
  EBUSY: ["is in use by another program", "Close the other program, or give another path."],
  EIO: ["cannot be read or written: the device reports an error", "Check the disk."],
  ERR_FS_FILE_TOO_LARGE: ["is larger than 2 GiB, which cannot be read at once", "Split the file."],
};

/** A refusal of the file system in words. */
export interface FileRefusal {
  /** The end of a sentence that begins with the path: "is a folder, expected a file". */
  readonly what: string;
  /** What to do, one sentence. */
  readonly hint: string;
}

/** What an error of the file system means, by its code; undefined for an error with no code known here. */
export function fileRefusal(error: unknown): FileRefusal | undefined {
  const code = error !== null && typeof error === "object" && "code" in error ? String(error.code) : "";
  const found = Object.hasOwn(REFUSALS, code) ? REFUSALS[code] : undefined;
  return found && { what: found[0], hint: found[1] };
}
