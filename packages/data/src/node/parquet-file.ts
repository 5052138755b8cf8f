import { stat } from "node:fs/promises";
import { fail, isDdpmError } from "@ddpm/core";
import {
  type AsyncBuffer,
  type Compressors,
  type FileMetaData,
  parquetMetadataAsync,
  parquetReadObjects,
} from "hyparquet";
import { compressors } from "hyparquet-compressors";
import { bytesAt, readable } from "./files.ts";

/** A Parquet file whose footer was read. */
export interface ParquetFile {
  readonly path: string;
  /** Bytes. */
  readonly size: number;
  readonly metadata: FileMetaData;
  /** First row of each row group, and after the last one the number of rows. */
  readonly starts: readonly number[];
  /** A column's values, rows `from … to − 1`; only the row groups that hold them are read. */
  rows(column: string, from: number, to: number): Promise<unknown[]>;
}

/** Most bytes that a page may unpack to for each of its own: beyond what Snappy, deflate and LZ4 can do. */
const DENSEST = 1100;

/** Most bytes of one page, unpacked. */
const LARGEST_PAGE = 2 ** 30;

/**
 * Reads a Parquet file's footer, and columns when they are asked for.
 *
 * @throws DdpmError naming the file: damaged, cut off, or claiming rows or pages beyond its own bytes
 */
export async function parquetFile(path: string): Promise<ParquetFile> {
  const { size } = await readable(path, (file) => stat(file));
  const file: AsyncBuffer = {
    byteLength: size,
    slice: async (start, end = size) => (await bytesAt(path, start, end - start)).buffer as ArrayBuffer,
  };
  if (size < 12)
    fail("data/parquet", `${path}: ${size} bytes, expected a Parquet file, which has at least 12.`);
  const metadata = await guarded(path, () => parquetMetadataAsync(file, { geoparquet: false }));
  const starts = await guarded(path, async () => checkedStarts(metadata, size));
  return {
    path,
    size,
    metadata,
    starts,
    rows: (column, from, to) =>
      guarded(path, async () => {
        const options = { file, metadata, columns: [column], compressors: limited, utf8: false };
        const rows = await parquetReadObjects({ ...options, rowStart: from, rowEnd: to });
        if (rows.length !== to - from)
          throw new Error(`${rows.length} rows of ${column}, expected ${to - from}`);
        return rows.map((row) => row[column] as unknown);
      }),
  };
}

/** The row groups' own counts must add up, and their columns lie within the file. */
function checkedStarts({ num_rows, row_groups }: FileMetaData, size: number): number[] {
  const starts = [0];
  for (const { num_rows: rows, columns } of row_groups) {
    if (rows < 0 || rows > size) throw new Error(`a row group of ${rows} rows in ${size} bytes`);
    for (const { meta_data: column } of columns) {
      if (!column) throw new Error("a column without metadata");
      const start = Number(column.dictionary_page_offset || column.data_page_offset);
      const length = Number(column.total_compressed_size);
      if (!(start >= 0 && length >= 0 && start + length <= size))
        throw new Error("a column outside the file");
    }
    starts.push(starts.at(-1)! + Number(rows));
  }
  if (BigInt(starts.at(-1)!) !== num_rows)
    throw new Error(`${num_rows} rows, its groups have ${starts.at(-1)}`);
  return starts;
}

async function guarded<Result>(path: string, read: () => Promise<Result>): Promise<Result> {
  try {
    return await read();
  } catch (cause) {
    if (isDdpmError(cause)) throw cause;
    const why = cause instanceof Error ? cause.message : String(cause);
    return fail("data/parquet", `${path}: is not a sound Parquet file (${why}).`, "Download it again.", {
      cause,
    });
  }
}

/** The codecs, refusing a page that claims more than it can hold. */
const limited: Compressors = Object.fromEntries(
  Object.entries(compressors).map(([codec, unpack]) => [
    codec,
    (input: Uint8Array, length: number): Uint8Array => {
      const most = Math.min(LARGEST_PAGE, Math.max(2 ** 16, input.length * DENSEST));
      if (!(length >= 0 && length <= most))
        throw new Error(`a page that claims ${length} bytes in ${input.length}`);
      return unpack!(input, length);
    },
  ]),
);
