import type { Job } from "../protocol.ts";
import { forgetFetched, listFetched } from "../store/fetched.ts";

/** Files that were loaded from addresses and are kept. */
export const listFetchedJob: Job<"data.fetched"> = () => listFetched();

export const forgetFetchedJob: Job<"data.forget"> = async (sha256) => {
  await forgetFetched(sha256);
  return listFetched();
};
