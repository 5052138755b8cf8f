import { fail, isDdpmError } from "@ddpm/core";
import { refuseGitLfsPointer } from "@ddpm/core/authoring";
import { type ColumnMetaData, type FileMetaData, parquetMetadata, parquetSchema } from "hyparquet";
import type { ByteSource } from "../bytes/byte-source.ts";
import { type ColumnValues, columnValues, leafAt } from "./column.ts";
import { readThrift } from "./thrift.ts";
import { Unsupported } from "./unsupported.ts";

/** A Parquet file whose footer was read. */
export interface ParquetFile {
  /** What messages call it. */
  readonly path: string;
  /** Bytes. */
  readonly size: number;
  readonly metadata: FileMetaData;
  /** First row of each row group, and after the last one the number of rows. */
  readonly starts: readonly number[];
  /**
   * The values of a column in a row group; of a list, with the number of values in each row.
   *
   * @param column names from the top
   */
  values(column: readonly string[], group: number): Promise<ColumnValues>;
}

/**
 * Reads a Parquet file's footer, and columns when they are asked for. The footer's meaning is hyparquet's to tell, when
 * its structure was found sound; pages are read here, where every size is checked before it is believed.
 *
 * @throws DdpmError naming the file: damaged, cut off, or claiming rows or pages beyond its own bytes
 */
export async function parquetFile(source: ByteSource): Promise<ParquetFile> {
  const { name, size } = source;
  if (size < 1024) refuseGitLfsPointer("data/files", await source.read(0, size), name);
  if (size < 12)
    fail("data/parquet", `${name}: ${size} bytes, expected a Parquet file, which has at least 12.`);
  const metadata = await guarded(name, () => footer(source));
  const starts = await guarded(name, async () => checkedStarts(metadata, size));
  return {
    path: name,
    size,
    metadata,
    starts,
    values: (column, group) =>
      guarded(name, async () => {
        const leaf = leafAt(metadata, column);
        const chunk = metadata.row_groups[group]?.columns.find(
          ({ meta_data }) => meta_data?.path_in_schema.join("\0") === column.join("\0"),
        )?.meta_data;
        if (!chunk) throw new Error(`row group ${group} has no column ${column.join(".")}`);
        const bytes = await source.read(startOf(chunk), Number(chunk.total_compressed_size));
        return columnValues(bytes, chunk, leaf, starts[group + 1]! - starts[group]!);
      }),
  };
}

async function footer(source: ByteSource): Promise<FileMetaData> {
  const tail = await source.read(source.size - 8, 8);
  const view = new DataView(tail.buffer, tail.byteOffset, 8);
  if (view.getUint32(4, true) === 0x45524150) throw new Unsupported("an encrypted footer");
  if (view.getUint32(4, true) !== 0x31524150) throw new Error("its last bytes are not PAR1");
  const length = view.getUint32(0, true);
  if (length > source.size - 12) throw new Error(`a footer of ${length} bytes in ${source.size}`);
  const bytes = await source.read(source.size - 8 - length, length + 8);
  readThrift(bytes.subarray(0, length));
  const metadata = parquetMetadata(bytes, { geoparquet: false });
  // Visits the whole tree of columns: from here on it is known to be sound.
  parquetSchema(metadata);
  return metadata;
}

/** Rows that a file may have however small it is: equal ones take next to no bytes. */
const ROWS = 2 ** 22;

/** The row groups' own counts must add up, and their columns be within the file. */
function checkedStarts({ num_rows, row_groups }: FileMetaData, size: number): number[] {
  const starts = [0];
  for (const { num_rows: rows, columns } of row_groups) {
    if (!(rows >= 0)) throw new Error(`a row group of ${rows} rows`);
    for (const { meta_data: column } of columns) {
      if (!column) throw new Error("a column without metadata");
      const [start, length] = [startOf(column), Number(column.total_compressed_size)];
      if (!(start >= 0 && length >= 0 && start + length <= size))
        throw new Error("a column outside the file");
    }
    starts.push(starts.at(-1)! + Number(rows));
  }
  if (starts.at(-1)! > Math.max(size, ROWS)) throw new Unsupported(`${starts.at(-1)} rows in ${size} bytes`);
  if (BigInt(starts.at(-1)!) !== BigInt(num_rows))
    throw new Error(`${num_rows} rows, its groups have ${starts.at(-1)}`);
  return starts;
}

/** A column chunk begins with its dictionary where it has one; some writers leave its offset at 0. */
function startOf({ dictionary_page_offset, data_page_offset }: ColumnMetaData): number {
  const [dictionary, data] = [Number(dictionary_page_offset ?? 0), Number(data_page_offset)];
  return dictionary > 0 && dictionary < data ? dictionary : data;
}

async function guarded<Result>(path: string, read: () => Promise<Result>): Promise<Result> {
  try {
    return await read();
  } catch (cause) {
    if (isDdpmError(cause)) throw cause;
    if (cause instanceof Unsupported) {
      return fail(
        "data/parquet",
        `${path}: has ${cause.message}, which is not supported.`,
        "Write the file again with plain or dictionary encoding and without nested columns, as pyarrow does by default.",
        { cause },
      );
    }
    const why = cause instanceof Error ? cause.message : String(cause);
    return fail("data/parquet", `${path}: is not a sound Parquet file (${why}).`, "Download it again.", {
      cause,
    });
  }
}
