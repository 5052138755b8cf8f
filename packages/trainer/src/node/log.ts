import { fail } from "@ddpm/core";
import { appendFile, cutFile } from "./append.ts";
import { disk, type Files, hasCode } from "./files.ts";

const NEWLINE = 0x0a;

/** One line of a run's log; `images` says where in the training it belongs. */
export interface LogRow {
  readonly images: number;
  readonly [field: string]: unknown;
}

/**
 * Adds one JSON line to a log and flushes it. A line that does not fit on the disk is taken back.
 *
 * @throws DdpmError when the disk is full
 */
export async function appendLog(path: string, row: LogRow, files: Files = disk): Promise<void> {
  await appendFile(path, () => `${JSON.stringify(row)}\n`, files);
}

/**
 * Reads a log; a last line torn by a crash is left out.
 *
 * @returns no rows where there is no log
 * @throws DdpmError naming the line, when one before the last is not a row
 */
export async function readLog(path: string, files: Files = disk): Promise<LogRow[]> {
  const text = await files.readFile(path, "utf8").catch((error: unknown) => {
    if (hasCode(error, "ENOENT")) return "";
    throw error;
  });
  const lines = text.split("\n");
  lines.pop();
  return lines.map(
    (line, i) => parseRow(line) ?? fail("trainer/log", `${path}: line ${i + 1} is not a row.`),
  );
}

/**
 * Cuts a log back to what had happened by `images`, so that a resumed run writes the same log as one that was never
 * stopped. A torn last line goes, too. The log stays the same file: `tail -f` goes on.
 */
export async function truncateLog(path: string, images: number, files: Files = disk): Promise<void> {
  const rows = await readLog(path, files);
  const last = rows.findLastIndex((row) => row.images <= images);
  const bytes = await files.readFile(path).catch((error: unknown) => {
    if (hasCode(error, "ENOENT")) return new Uint8Array();
    throw error;
  });
  let end = 0;
  for (let line = 0; line <= last; line++) end = bytes.indexOf(NEWLINE, end) + 1;
  if (end < bytes.length) await cutFile(path, end, files);
}

function parseRow(line: string): LogRow | undefined {
  try {
    const row: unknown = JSON.parse(line);
    const known = typeof row === "object" && row !== null && "images" in row;
    return known && typeof row.images === "number" ? (row as LogRow) : undefined;
  } catch {
    return undefined;
  }
}
