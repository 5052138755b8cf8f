import { fail } from "@ddpm/core";
import { parquetSchema } from "hyparquet";
import { captionOf } from "../captions/caption-list.ts";
import { type CaptionChoice, captionColumns } from "../captions/caption-option.ts";
import { columnKey } from "../listing/splits/split-column.ts";
import { isText } from "./columns.ts";
import type { ParquetFile } from "./file.ts";
import type { ParquetRows } from "./rows.ts";

/**
 * The column of captions.
 *
 * @throws DdpmError naming the file and its columns of text, where none is meant
 */
export function captionColumn(
  { path, metadata }: ParquetFile,
  choice: Exclude<CaptionChoice, false>,
): string {
  const texts = parquetSchema(metadata)
    .children.filter(({ element }) => isText(element))
    .map(({ element }) => element.name);
  const found = captionColumns(choice).flatMap((wanted) =>
    texts.filter((name) => columnKey(name) === columnKey(wanted)),
  );
  return (
    found[0] ??
    fail(
      "data/parquet",
      `${path} has no column ${choice === true ? captionColumns(true).join(" or ") : choice} of text, its columns of text are ${texts.join(", ") || "none"}.`,
      "Set captions to the column's name, or to false.",
    )
  );
}

const decoder = new TextDecoder("utf-8", { fatal: true });

/**
 * The captions of some rows, [N].
 *
 * @throws DdpmError naming the file and the row without a caption
 */
export async function parquetCaptions(
  rows: ParquetRows,
  column: string,
  chosen: readonly number[],
): Promise<string[]> {
  const { values } = await rows.column([column]);
  return chosen.map((row) => {
    const refuse = (): never =>
      fail(
        "data/parquet",
        `${rows.file(row)}: ${column} has no caption.`,
        "Set captions to another column, or to false.",
      );
    const bytes = values[row];
    return (bytes instanceof Uint8Array ? captionOf(textOf(bytes, refuse), refuse) : undefined) ?? refuse();
  });
}

function textOf(bytes: Uint8Array, refuse: () => never): string {
  try {
    return decoder.decode(bytes);
  } catch {
    return refuse();
  }
}
