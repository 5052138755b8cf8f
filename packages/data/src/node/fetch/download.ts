import { createHash } from "node:crypto";
import { createReadStream } from "node:fs";
import { mkdir, open, rename, rm, stat } from "node:fs/promises";
import { dirname, join } from "node:path";
import { fail, isDdpmError } from "@ddpm/core";
import type { PublishedFile } from "./published-set.ts";

/** How {@link download} works. */
export interface DownloadOptions {
  /** Where the file goes; made where it is missing. */
  readonly folder: string;
  /** Called as bytes arrive; `total` is undefined where it is unknown. */
  readonly progress?: ((done: number, total: number | undefined) => void) | undefined;
  readonly signal?: AbortSignal | undefined;
  /** Seconds without a byte after which a connection counts as cut; 30. */
  readonly patience?: number | undefined;
  /** How often a cut connection is taken up again where it ended; 5. */
  readonly retries?: number | undefined;
}

/** Most bytes of a file whose publisher states no size. */
const LARGEST = 2 ** 34;

/**
 * Downloads a file, unless it is there and sound. What arrives is kept under a hidden name; a connection that is cut,
 * now or in an earlier process, is taken up where it ended (HTTP Range), and the file gets its name when its size and
 * checksum are right. Addresses are tried one after the other.
 *
 * @returns the file's path
 * @throws DdpmError when no address gives the file, naming each and why
 */
export async function download(file: PublishedFile, options: DownloadOptions): Promise<string> {
  const { folder, signal } = options;
  const path = join(folder, file.name);
  const part = join(folder, `.${file.name}.part`);
  if ((await sizeOf(path)) > 0 && (await fault(path, file)) === undefined) return path;
  const reasons: string[] = [];
  for (const url of file.urls) {
    try {
      await fetched(url, part, file, options);
      const wrong = await fault(part, file);
      if (wrong === undefined) {
        await rename(part, path);
        return path;
      }
      await rm(part, { force: true });
      reasons.push(`${url}: ${wrong}`);
    } catch (error) {
      if (signal?.aborted)
        fail("data/fetch", `${file.name}: stopped.`, "Fetch again to resume.", { cause: error });
      reasons.push(`${url}: ${reasonOf(error)}`);
    }
  }
  const by = `${file.checksum.algorithm} ${file.checksum.hex}`;
  return fail(
    "data/fetch",
    `${file.name} could not be had. ${reasons.join(". ")}.`,
    `Fetch again to resume, or download it by hand from ${file.urls[0]} (${by}) and place it in ${folder}.`,
  );
}

/** Asks until all has arrived; a cut connection is taken up again. */
async function fetched(
  url: string,
  part: string,
  file: PublishedFile,
  options: DownloadOptions,
): Promise<void> {
  for (let tries = options.retries ?? 5; ; tries--) {
    const before = await sizeOf(part);
    try {
      await asked(url, part, before, file, options);
      return;
    } catch (error) {
      const gained = (await sizeOf(part)) > before;
      if (isDdpmError(error) || options.signal?.aborted || !gained || tries <= 0) throw error;
    }
  }
}

async function asked(
  url: string,
  part: string,
  start: number,
  file: PublishedFile,
  { progress, signal, patience = 30 }: DownloadOptions,
): Promise<void> {
  const silence = new AbortController();
  const timer = setTimeout(() => silence.abort(new Error(`silent for ${patience} s`)), patience * 1000);
  const signals = signal ? [signal, silence.signal] : [silence.signal];
  try {
    const response = await fetch(url, {
      headers: { "accept-encoding": "identity", ...(start > 0 ? { range: `bytes=${start}-` } : {}) },
      signal: AbortSignal.any(signals),
    });
    // All is there already, or what is there is too much: the checksum tells.
    if (response.status === 416) return;
    if (!response.ok || !response.body) fail("data/fetch", `status ${response.status}.`);
    const range = /^bytes (\d+)-/.exec(response.headers.get("content-range") ?? "");
    const from = response.status === 206 && Number(range?.[1]) === start ? start : 0;
    if (response.status === 206 && from !== start)
      fail("data/fetch", "answers with another part than asked for.");
    const length = Number(response.headers.get("content-length") ?? Number.NaN);
    const total = file.bytes ?? (Number.isFinite(length) ? from + length : undefined);
    const most = file.bytes ?? LARGEST;
    await mkdir(dirname(part), { recursive: true });
    const out = await open(part, from > 0 ? "r+" : "w");
    try {
      let done = from;
      for await (const chunk of response.body) {
        timer.refresh();
        if (done + chunk.length > most) fail("data/fetch", `more than ${most} bytes.`);
        await out.write(chunk, 0, chunk.length, done);
        done += chunk.length;
        progress?.(done, total);
      }
      if (total !== undefined && done < total) throw new Error(`cut after ${done} of ${total} bytes`);
      await out.sync();
    } finally {
      await out.close();
    }
  } catch (error) {
    throw silence.signal.aborted ? silence.signal.reason : error;
  } finally {
    clearTimeout(timer);
    // Lets go of an answer that was not read to its end.
    silence.abort();
  }
}

/** What is wrong with a file, if anything. */
async function fault(path: string, { bytes, checksum }: PublishedFile): Promise<string | undefined> {
  const size = await sizeOf(path);
  if (bytes !== undefined && size !== bytes) return `${size} bytes, expected ${bytes}`;
  const hash = createHash(checksum.algorithm);
  for await (const chunk of createReadStream(path)) hash.update(chunk as Uint8Array);
  const hex = hash.digest("hex");
  return hex === checksum.hex ? undefined : `${checksum.algorithm} ${hex}, expected ${checksum.hex}`;
}

async function sizeOf(path: string): Promise<number> {
  const found = await stat(path).catch(() => undefined);
  return found?.isFile() ? found.size : 0;
}

/** The innermost cause says most: `fetch failed` hides it. */
function reasonOf(error: unknown): string {
  if (isDdpmError(error)) return error.what.replace(/\.$/, "");
  const { cause } = error as { cause?: unknown };
  if (cause instanceof Error) {
    const { code } = cause as NodeJS.ErrnoException;
    const offline = ["ENOTFOUND", "EAI_AGAIN", "ENETUNREACH", "ECONNREFUSED", "ETIMEDOUT", "EHOSTUNREACH"];
    const words = cause.message || String(code);
    return offline.includes(String(code)) ? `no connection (${code})` : words;
  }
  return error instanceof Error ? error.message : String(error);
}
