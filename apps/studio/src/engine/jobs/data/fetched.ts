import type { Job } from "../../job.ts";
import { type FetchedFile, fetchedFiles, forgetFetched } from "../../store/fetched.ts";

/** Lists the files that were downloaded from addresses and are stored. */
export const listFetched: Job<null, readonly FetchedFile[]> = () => fetchedFiles();

/** Removes a downloaded file by its SHA-256; lists those left. */
export const removeFetched: Job<string, readonly FetchedFile[]> = async (sha256) => {
  await forgetFetched(sha256);
  return fetchedFiles();
};
