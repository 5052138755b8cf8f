import { fail } from "@ddpm/core";
import { parquetSchema } from "hyparquet";
import type { CaptionChoice } from "../captions/caption-option.ts";
import type { NotUsed } from "../datasets/not-used.ts";
import { isParquetName } from "../listing/kind.ts";
import { leftFiles } from "../listing/left-files.ts";
import type { Listing } from "../listing/listing.ts";
import { baseOf } from "../listing/name-form.ts";
import { chosenRows } from "../listing/splits/chosen-split.ts";
import { divide } from "../listing/splits/divide.ts";
import { captionColumn, parquetCaptions } from "../parquet/captions.ts";
import { parquetColumns } from "../parquet/columns.ts";
import { type ParquetFile, parquetFile } from "../parquet/file.ts";
import { parquetLabels } from "../parquet/labels.ts";
import { parquetRows } from "../parquet/rows.ts";
import { parquetSplits } from "../parquet/splits.ts";
import type { FoundPictures } from "./pictures.ts";

/** What is asked of Parquet files. */
export interface ParquetChoice {
  /** The column of pictures; by default `image`, `img`, or the first that has `bytes` inside. */
  readonly image?: string | undefined;
  /** The column of labels, by default `label`, `labels` or `fine_label`; false: none. */
  readonly label?: string | false | undefined;
  readonly split?: string | undefined;
  readonly captions?: CaptionChoice | undefined;
  /** Bytes of encoded pictures to keep, by row groups. */
  readonly memory: number;
}

/**
 * Pictures in the Parquet files of a listing, of one split and one configuration.
 *
 * @throws DdpmError for files that do not hold what they should, columns, a split or a configuration that are not there
 */
export async function parquetPictures(
  listing: Listing,
  { image, label, split, captions = false, memory }: ParquetChoice,
): Promise<FoundPictures> {
  const all = listing.files.filter(({ name }) => listing.kind === "file" || isParquetName(name));
  if (all.length === 0) fail("data/parquet", `${listing.path} has no .parquet files.`);
  const division = divide(listing, all, { split, inNames: true, configurations: true, undivided: true });
  const files = await Promise.all(division.files.map(async (file) => parquetFile(await file.source())));
  const [first] = files;
  const columns = parquetColumns(first!.path, first!.metadata, { image, label });
  for (const file of files)
    parquetColumns(file.path, file.metadata, { image: columns.image, label: columns.label ?? false });
  const rows = parquetRows(files, columns.path, memory);
  if (rows.length === 0) fail("data/parquet", `${listing.path} has no rows, expected at least one picture.`);
  const used = [columns.image, columns.label];
  const given = division.split === undefined ? await parquetSplits(files, rows, used) : undefined;
  const captioned = captions ? captionColumn(first!, captions) : undefined;
  const choice = chosenRows(listing, division.split, given?.splits, split);
  const chosen = Array.from({ length: rows.length }, (_, row) => row).filter((row) => choice.keeps(row));
  const source = {
    name: choice.split === undefined ? listing.name : `${listing.name}/${choice.split}`,
    path: listing.path,
    names: chosen.map((row) => `row ${row}`),
    file: (index: number) => rows.file(chosen[index]!),
    bytes: (index: number) => rows.bytes(chosen[index]!),
    labelling: await parquetLabels(rows, columns, chosen),
    ...(captioned === undefined ? {} : { captions: await parquetCaptions(rows, captioned, chosen) }),
    stamp: division.files.map(({ changed }) => changed),
    ordered: rows.bytesHeld > memory,
    identity: [
      ...files.map(({ size, starts }, i) => [
        baseOf(division.files[i]!.name),
        size,
        starts.at(-1),
        columns.image,
      ]),
      ...(given ? [[given.column, choice.split]] : []),
    ],
  };
  return {
    source,
    notUsed: [
      ...otherColumns(first!, [...used, given?.column, captioned]),
      ...choice.left,
      ...leftFiles(listing, new Set(division.files), division),
    ],
  };
}

function otherColumns({ metadata }: ParquetFile, used: readonly (string | undefined)[]): NotUsed[] {
  const names = parquetSchema(metadata).children.map(({ element }) => element.name);
  return names
    .filter((name) => !used.includes(name))
    .map((name) => ({ what: `column ${name}`, count: 1, reason: "set label to use it as the label" }));
}
