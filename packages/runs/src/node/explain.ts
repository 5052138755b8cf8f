import { fail, isDdpmError } from "@ddpm/core";
import { hasCode } from "./files.ts";

/**
 * Throws a sentence for what the file system refuses to write: no space left, read-only, no permission, a file where a folder
 * is expected. Any other error is thrown as it is.
 *
 * @throws always
 */
export function explain(path: string, error: unknown): never {
  if (isDdpmError(error)) throw error;
  const cause = { cause: error };
  if (hasCode(error, "ENOSPC", "EDQUOT", "EFBIG")) {
    const hint = "What was saved before is intact: free some space and resume, or keep fewer checkpoints.";
    fail("runs/fs", `no space left to write ${path}.`, hint, cause);
  }
  if (hasCode(error, "EROFS")) {
    const hint = "Choose a folder on another one.";
    fail("runs/fs", `cannot write ${path}: the file system is read-only.`, hint, cause);
  }
  if (hasCode(error, "EACCES", "EPERM")) {
    const hint = "Choose another folder, or ask for write permission.";
    fail("runs/fs", `cannot write ${path}: it is not writable for this user.`, hint, cause);
  }
  if (hasCode(error, "ENOTDIR", "EEXIST")) {
    const hint = "Choose another folder.";
    fail("runs/fs", `cannot write ${path}: a file is there, expected a folder.`, hint, cause);
  }
  throw error;
}
