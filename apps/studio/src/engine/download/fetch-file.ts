import { formatBytes } from "@ddpm/core/authoring";
import { sha256 } from "@ddpm/runs/authoring";
import type { Failure } from "../failure.ts";

/** What is asked of {@link fetchFile}. */
export interface FetchOptions {
  /** Most bytes that are taken. */
  readonly limit: number;
  /** Expected SHA-256 in hex; any content is taken without one. */
  readonly expected?: string | undefined;
  /** The page itself came over https, so browsers refuse plain http. */
  readonly secure: boolean;
  onProgress(received: number, total: number | undefined): void;
}

/** A file from an address. */
export interface Fetched {
  readonly name: string;
  readonly content: Blob;
  readonly sha256: string;
}

/** Why a file could not be had, in words for the visitor. */
export class FetchFailed extends Error {
  override readonly name = "FetchFailed";
  readonly failure: Failure;

  constructor(message: string, hint?: string) {
    super(message);
    this.failure = { message, ...(hint ? { hint } : {}) };
  }
}

const refuse = (message: string, hint?: string): never => {
  throw new FetchFailed(message, hint);
};

/** Hosts that are this machine; browsers take them as safe. */
const LOCAL = /^(localhost|127\.0\.0\.1|\[::1\])$/;

/**
 * The address as a URL.
 *
 * @throws FetchFailed for what is none, or that a page loaded over https may not ask for
 */
export function addressOf(text: string, secure: boolean): URL {
  const url = URL.canParse(text.trim()) ? new URL(text.trim()) : undefined;
  if (!url || !/^https?:$/.test(url.protocol)) {
    return refuse(`${text.trim() || "Nothing"} is no address of a file.`, "It begins with https://.");
  }
  if (secure && url.protocol === "http:" && !LOCAL.test(url.hostname)) {
    return refuse(
      "A page that came over https may not load over http.",
      "Give an address that begins with https://.",
    );
  }
  return url;
}

/**
 * Checks a hash that was typed in.
 *
 * @throws FetchFailed for what is no SHA-256 in hex
 */
export function expectedHash(text: string): string | undefined {
  const hash = text.trim().toLowerCase();
  if (hash === "" || /^[0-9a-f]{64}$/.test(hash)) return hash || undefined;
  return refuse(
    `${text.trim()} is no SHA-256.`,
    "It has 64 hexadecimal digits; leave it out if you do not know it.",
  );
}

/**
 * Loads a file, and checks its size and content.
 *
 * @throws FetchFailed saying what is wrong: address, network or permission, nothing there, a web page, too large, broken
 *   off, or another content than expected
 */
export async function fetchFile(address: string, options: FetchOptions): Promise<Fetched> {
  const { limit, expected, secure, onProgress } = options;
  const url = addressOf(address, secure);
  const response = await answerOf(url);
  const name = decodeURIComponent(url.pathname.split("/").at(-1) || url.hostname);
  const total = Number(response.headers.get("content-length")) || undefined;
  if (total !== undefined && total > limit) tooLarge(name, total, limit);
  const content = await contentOf(response, name, limit, (received) =>
    // What was compressed for the transfer has another length here.
    onProgress(received, total !== undefined && received <= total ? total : undefined),
  );
  const hash = await sha256([new Uint8Array(await content.arrayBuffer())]);
  if (expected !== undefined && hash !== expected) {
    refuse(
      `${name} is not the file that was expected: its SHA-256 is ${hash}, not ${expected}. It was not kept.`,
      "Check the address and the hash; the file may have been replaced.",
    );
  }
  return { name, content, sha256: hash };
}

async function answerOf(url: URL): Promise<Response> {
  const response = await fetch(url, {
    credentials: "omit",
    referrerPolicy: "no-referrer",
    cache: "no-store",
  }).catch(() => {
    if (globalThis.navigator?.onLine === false)
      return refuse("There is no network.", "Connect, or choose files of your own.");
    return refuse(
      `${url.host} cannot be reached, or does not let other pages read this file (CORS).`,
      "Download it yourself and choose it as a file, or put it on a host that sends Access-Control-Allow-Origin.",
    );
  });
  const { status, headers } = response;
  if (status === 404 || status === 410)
    refuse(`There is nothing at ${url} (${status}).`, "Check the address.");
  if (status === 401 || status === 403)
    refuse(`${url.host} does not give this file to everyone (${status}).`);
  if (!response.ok) refuse(`${url.host} answered with status ${status}.`, "Try again later.");
  if (headers.get("content-type")?.startsWith("text/html")) {
    refuse(`${url} is a web page, not a file of pictures.`, "Give the address of the file itself.");
  }
  return response;
}

async function contentOf(
  { body }: Response,
  name: string,
  limit: number,
  onProgress: (received: number) => void,
): Promise<Blob> {
  const pieces: Uint8Array<ArrayBuffer>[] = [];
  let received = 0;
  const reader = body?.getReader() ?? refuse(`${name} is empty.`);
  for (;;) {
    const { done, value } = await reader
      .read()
      .catch(() =>
        refuse(`The connection broke off after ${formatBytes(received)} of ${name}.`, "Try again."),
      );
    if (done) break;
    received += value.length;
    if (received > limit) {
      await reader.cancel();
      tooLarge(name, received, limit);
    }
    pieces.push(value);
    onProgress(received);
  }
  if (received === 0) refuse(`${name} is empty.`);
  return new Blob(pieces);
}

function tooLarge(name: string, bytes: number, limit: number): never {
  return refuse(
    `${name} has ${formatBytes(bytes)} or more; at most ${formatBytes(limit)} are taken.`,
    "Use a part of it, or train on it with the ddpm command.",
  );
}
