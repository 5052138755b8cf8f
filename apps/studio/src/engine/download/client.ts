import { CallFailed } from "../client.ts";
import type { FetchedFile } from "../store/fetched.ts";
import type { DownloadInput, FromDownload } from "./protocol.ts";

/** A file from an address, in the page's storage. */
export interface Downloaded {
  readonly file: FetchedFile;
  /** It was there from before: nothing was asked for. */
  readonly kept: boolean;
}

/** How a download is followed. */
export interface DownloadOptions {
  readonly signal: AbortSignal;
  onProgress(received: number, total: number | undefined): void;
}

/**
 * Loads what the visitor typed in a worker of its own, which ends with it.
 *
 * @returns undefined when it was stopped
 * @throws CallFailed saying why it could not be had
 */
export function download(input: DownloadInput, options: DownloadOptions): Promise<Downloaded | undefined> {
  const { signal, onProgress } = options;
  const worker = new Worker(new URL("./download.ts", import.meta.url), { type: "module", name: "download" });
  const done = new Promise<Downloaded | undefined>((resolve, reject) => {
    signal.addEventListener("abort", () => resolve(undefined));
    worker.onerror = () =>
      reject(new CallFailed({ message: "The part of the page that loads files did not load." }));
    worker.onmessage = ({ data }: MessageEvent<FromDownload>) => {
      if (data.type === "progress") onProgress(data.received, data.total);
      else if (data.type === "done") resolve({ file: data.file, kept: data.kept });
      else reject(new CallFailed(data.failure));
    };
    worker.postMessage(input);
  });
  return done.finally(() => worker.terminate());
}
