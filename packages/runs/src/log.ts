import { fail } from "@ddpm/core";
import { placeOf, type RunStorage } from "./storage/storage.ts";

const PATH = "log.jsonl";
const NEWLINE = 0x0a;

/** One line of a run's log. */
export interface LogRow {
  /** Images seen. */
  readonly images: number;
  readonly [field: string]: unknown;
}

/**
 * Adds rows to the log of a run, `log.jsonl`, as one JSON line each.
 *
 * @throws DdpmError when there is no space left; the log is as before then
 */
export async function appendLog(run: RunStorage, ...rows: readonly LogRow[]): Promise<void> {
  if (rows.length > 0) await run.append(PATH, rows.map((row) => `${JSON.stringify(row)}\n`).join(""));
}

/**
 * Reads the log of a run; a last line that was cut off by a crash is left out.
 *
 * @returns no rows where there is no log
 * @throws DdpmError naming the line, when one before the last is not a row
 */
export async function readLog(run: RunStorage): Promise<LogRow[]> {
  return rowsOf(run, (await run.read(PATH)) ?? new Uint8Array());
}

/**
 * Shortens the log of a run to its rows up to `images`, so that a resumed run writes the same log as one that was never
 * stopped. A last line that was cut off is removed, too.
 */
export async function truncateLog(run: RunStorage, images: number): Promise<void> {
  const bytes = (await run.read(PATH)) ?? new Uint8Array();
  const last = rowsOf(run, bytes).findLastIndex((row) => row.images <= images);
  let end = 0;
  for (let line = 0; line <= last; line++) end = bytes.indexOf(NEWLINE, end) + 1;
  if (end < bytes.length) await run.truncate(PATH, end);
}

function rowsOf(run: RunStorage, bytes: Uint8Array): LogRow[] {
  const lines = new TextDecoder().decode(bytes).split("\n").slice(0, -1);
  const place = placeOf(run, PATH);
  return lines.map((line, i) => parseRow(line) ?? fail("runs/log", `${place}: line ${i + 1} is not a row.`));
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
