import { fail, isDdpmError } from "@ddpm/core";
import type { ByteSource } from "../byte-source.ts";
import type { ArchiveEntry } from "./entry.ts";

const BLOCK = 512;
/** Most bytes of a long name or of extended fields. */
const LONGEST = 2 ** 16;
/** Bytes read at once while looking for headers. */
const WINDOW = 2 ** 14;

/** What comes before a file and is about it. */
interface Ahead {
  readonly name?: string;
  readonly size?: number;
}

/**
 * The files in a TAR archive that is not packed: headers are looked up one after the other, and each file is read
 * later from where it lies.
 *
 * Source: POSIX.1-2017, `pax`, "ustar Interchange Format" and "pax Header Block"; GNU tar, "Basic Tar Format".
 *
 * @throws DdpmError naming the archive that is damaged or ends early
 */
export async function tarEntries(source: ByteSource): Promise<ArchiveEntry[]> {
  const entries: ArchiveEntry[] = [];
  for await (const entry of tarWalk(source)) entries.push(entry);
  return entries;
}

/** {@link tarEntries}, one by one: whoever stops early has not looked at the rest. */
export async function* tarWalk(source: ByteSource): AsyncGenerator<ArchiveEntry> {
  const refuse = (what: string, cause?: unknown): never =>
    fail("data/tar", `${source.name}: is not a sound TAR archive (${what}).`, "Download it again.", {
      cause,
    });
  const headerAt = headers(source);
  let ahead: Ahead = {};
  try {
    for (let at = 0; at < source.size; ) {
      if (at + BLOCK > source.size) refuse("it ends within a header");
      const header = await headerAt(at);
      if (header.every((byte) => byte === 0)) return;
      checkSum(header);
      const kind = String.fromCharCode(header[156]!);
      const size = ahead.size ?? numberAt(header, 124, 12);
      const start = at + BLOCK;
      if (start + size > source.size) refuse(`it ends within ${ahead.name ?? nameOf(header)}`);
      at = start + BLOCK * Math.ceil(size / BLOCK);
      if (kind === "g") continue;
      if (kind === "L" || kind === "K" || kind === "x") {
        if (size > LONGEST) refuse(`a name or fields of ${size} bytes`);
        const text = new TextDecoder().decode(await source.read(start, size));
        if (kind === "L") ahead = { ...ahead, name: text.replace(/\0.*$/s, "") };
        if (kind === "x") ahead = { ...ahead, ...extended(text) };
        continue;
      }
      const [name, link] = [ahead.name ?? nameOf(header), kind === "1" || kind === "2"];
      ahead = {};
      const file = kind === "0" || kind === "\0" || kind === "7";
      if (link || (file && !name.endsWith("/")))
        yield { name, link, size: link ? 0 : size, read: () => source.read(start, link ? 0 : size) };
    }
  } catch (cause) {
    if (isDdpmError(cause)) throw cause;
    refuse(cause instanceof Error ? cause.message : String(cause), cause);
  }
}

/** Reads headers through a window, since many lie close to each other. */
function headers(source: ByteSource): (at: number) => Promise<Uint8Array> {
  let [from, window] = [0, new Uint8Array()];
  return async (at) => {
    if (at < from || at + BLOCK > from + window.length) {
      from = at;
      window = new Uint8Array(await source.read(at, Math.min(WINDOW, source.size - at)));
    }
    return window.subarray(at - from, at - from + BLOCK);
  };
}

/** The sum of all bytes, its own field counted as spaces. */
function checkSum(header: Uint8Array): void {
  const sum = header.reduce((total, byte, i) => total + (i >= 148 && i < 156 ? 0x20 : byte), 0);
  const claimed = numberAt(header, 148, 8);
  if (sum !== claimed) throw new Error(`a header with checksum ${sum}, expected ${claimed}`);
}

/** Octal digits, or base 256 where the first bit is set. */
function numberAt(header: Uint8Array, at: number, length: number): number {
  const field = header.subarray(at, at + length);
  const value =
    field[0]! & 0x80
      ? field.subarray(1).reduce((sum, byte) => sum * 256 + byte, field[0]! & 0x7f)
      : octal(textOf(field).trim());
  if (!Number.isSafeInteger(value)) throw new Error("a number beyond all sizes");
  return value;
}

function octal(text: string): number {
  if (!/^[0-7]*$/.test(text)) throw new Error(`the number ${JSON.stringify(text)}, expected octal digits`);
  return text === "" ? 0 : Number.parseInt(text, 8);
}

function nameOf(header: Uint8Array): string {
  const name = textOf(header.subarray(0, 100));
  const posix = textOf(header.subarray(257, 263)) === "ustar" && header[262] === 0;
  const prefix = posix ? textOf(header.subarray(345, 500)) : "";
  return prefix ? `${prefix}/${name}` : name;
}

/** Up to the first zero. */
function textOf(field: Uint8Array): string {
  const end = field.indexOf(0);
  return new TextDecoder().decode(end < 0 ? field : field.subarray(0, end));
}

/** Lines of `length key=value`. */
function extended(text: string): Ahead {
  const fields = new Map(
    text.split("\n").map((line) => {
      const [, key = "", value = ""] = /^\d+ ([^=]*)=(.*)$/s.exec(line) ?? [];
      return [key, value] as const;
    }),
  );
  const [name, size] = [fields.get("path"), fields.get("size")];
  if (size !== undefined && !/^\d{1,15}$/.test(size)) throw new Error(`a size of ${size}`);
  return { ...(name ? { name } : {}), ...(size ? { size: Number(size) } : {}) };
}
