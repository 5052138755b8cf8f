import { sha256 } from "@ddpm/runs/authoring";
import { fetchedContent, fetchedFiles, forgetFetched, keepFetched } from "../store/fetched.ts";
import { addressOf, expectedHash, FetchFailed, fetchFile } from "./fetch-file.ts";
import { type DownloadInput, type FromDownload, LARGEST_FILE } from "./protocol.ts";

interface Port {
  postMessage(message: FromDownload): void;
  onmessage: ((event: MessageEvent<DownloadInput>) => void) | null;
}

const port = globalThis as unknown as Port;

/** Milliseconds between reports. */
const PAUSE = 100;

/**
 * The only code that may ask other hosts for something: a worker that loads one address and ends. The page and its
 * computing worker are held to their own files by their security policies; this one is started by a click on an
 * address that the visitor typed, and has nothing else to do.
 */
port.onmessage = ({ data }) => void answer(data);

async function answer(input: DownloadInput): Promise<void> {
  try {
    port.postMessage(await load(input));
  } catch (error) {
    const full = error instanceof DOMException && error.name === "QuotaExceededError";
    const other = {
      message: full ? "The browser has no more room for files." : String(error),
      ...(full ? { hint: "Delete runs or kept files." } : {}),
    };
    port.postMessage({ type: "failed", failure: error instanceof FetchFailed ? error.failure : other });
  }
}

async function load(input: DownloadInput): Promise<FromDownload> {
  const secure = location.protocol === "https:";
  const url = addressOf(input.url, secure).href;
  const expected = expectedHash(input.sha256);
  const before = await keptFile(url, expected);
  if (before) return { type: "done", file: before, kept: true };
  let reported = 0;
  const { name, content, sha256 } = await fetchFile(url, {
    ...{ limit: LARGEST_FILE, expected, secure },
    onProgress(received, total) {
      if (performance.now() - reported < PAUSE) return;
      reported = performance.now();
      port.postMessage({ type: "progress", received, total });
    },
  });
  const file = { sha256, name, url, bytes: content.size };
  await keepFetched(file, content);
  return { type: "done", file, kept: false };
}

/** What was loaded before: the file with this hash, or from this address where none is given; if it is still whole. */
async function keptFile(url: string, expected: string | undefined) {
  const known = (await fetchedFiles()).find((file) =>
    expected === undefined ? file.url === url : file.sha256 === expected,
  );
  const content = known && (await fetchedContent(known.sha256));
  if (content && (await sha256([new Uint8Array(await content.arrayBuffer())])) === known.sha256) return known;
  if (known) await forgetFetched(known.sha256);
  return undefined;
}
