import { fail, isDdpmError } from "@ddpm/core";
import { hasCode } from "./files.ts";

/**
 * Turns the file system's refusal to write into a sentence: no space left, read-only, not allowed, a file where a folder
 * is expected. Any other error stays as it is.
 *
 * @throws always
 */
export function explain(path: string, error: unknown): never {
  if (isDdpmError(error)) throw error;
  const cause = { cause: error };
  if (hasCode(error, "ENOSPC", "EDQUOT", "EFBIG")) {
    const hint = "What was saved before is intact; free some space and resume, or keep fewer checkpoints.";
    fail("trainer/files", `no space left to write ${path}.`, hint, cause);
  }
  if (hasCode(error, "EROFS")) {
    const hint = "Choose a folder on another one.";
    fail("trainer/files", `cannot write ${path}: the file system is read-only.`, hint, cause);
  }
  if (hasCode(error, "EACCES", "EPERM")) {
    const hint = "Choose another folder, or ask for write permission.";
    fail("trainer/files", `cannot write ${path}: it is not writable for this user.`, hint, cause);
  }
  if (hasCode(error, "ENOTDIR", "EEXIST")) {
    const hint = "Choose another folder.";
    fail("trainer/files", `cannot write ${path}: a file is there, expected a folder.`, hint, cause);
  }
  throw error;
}
