import type { Failure } from "../failure.ts";
import type { FetchedFile } from "../store/fetched.ts";

/** Most bytes of a file that is loaded from an address: it is hashed in memory. */
export const LARGEST_FILE: number = 256e6;

/** To the worker that loads: what the visitor typed. */
export interface DownloadInput {
  readonly url: string;
  readonly sha256: string;
}

/** From that worker. */
export type FromDownload =
  | { readonly type: "progress"; readonly received: number; readonly total: number | undefined }
  | { readonly type: "done"; readonly file: FetchedFile; readonly kept: boolean }
  | { readonly type: "failed"; readonly failure: Failure };
