import { fail } from "@ddpm/core";
import { limiter } from "../bytes/limiter.ts";
import { isListName, valuesFor } from "../listing/list-files.ts";
import type { ListedFile, Listing } from "../listing/listing.ts";
import { folderOf } from "../listing/name-form.ts";
import type { Division } from "../listing/splits/divide.ts";
import { textOf } from "../listing/text-of.ts";
import { type CaptionList, captionOf, parseCaptionList } from "./caption-list.ts";
import { type CaptionChoice, captionColumns, captionsInFiles } from "./caption-option.ts";

/** Captions of pictures, and the files that they are from. */
export interface FoundCaptions {
  /** [N] */
  readonly captions: readonly string[];
  readonly files: readonly ListedFile[];
}

/** Largest list or caption file, in bytes. */
const MOST = 2 ** 28;
/** Files read at a time. */
const AT_ONCE = 16;

interface ListOfCaptions {
  readonly file: ListedFile;
  readonly captions: CaptionList;
}

/**
 * The captions of a division's pictures: of the list with a column of captions that names them, or else of the `.txt` files of the same
 * names.
 *
 * @throws DdpmError naming a picture without a caption, a list that is damaged, two lists, or the place where none has captions
 */
export async function pictureCaptions(
  listing: Listing,
  division: Division,
  choice: Exclude<CaptionChoice, false>,
): Promise<FoundCaptions> {
  const lists = await listsOf(listing, division, captionColumns(choice));
  if (lists.length > 1) {
    const names = lists.map(({ file }) => file.name).join(", ");
    fail("data/captions", `${listing.path} has ${lists.length} lists of captions: ${names}.`, "Keep one.");
  }
  const [list] = lists;
  if (list) return { captions: fromList(listing, division, list), files: [list.file] };
  if (captionsInFiles(choice)) return fromFiles(listing, division);
  return fail(
    "data/captions",
    `${listing.path} has no list with a column ${choice} that names its pictures.`,
    "Set captions to the column's name, to txt for .txt files next to the pictures, or to false.",
  );
}

async function listsOf(
  listing: Listing,
  division: Division,
  columns: readonly string[],
): Promise<readonly ListOfCaptions[]> {
  if (columns.length === 0) return [];
  const lists: ListOfCaptions[] = [];
  for (const file of listing.files) {
    const near = division.prefix.startsWith(folderOf(file.name));
    if (!isListName(file.name) || !near || file.size > MOST) continue;
    const called = listing.called(file);
    const captions = parseCaptionList(textOf(await file.bytes(), called), called, columns);
    const named = captions && valuesFor(captions, folderOf(file.name), division);
    if (named?.some((caption) => caption !== undefined)) lists.push({ file, captions: captions! });
  }
  return lists;
}

function fromList(listing: Listing, division: Division, { file, captions }: ListOfCaptions): string[] {
  const list = listing.called(file);
  return valuesFor(captions, folderOf(file.name), division).map(
    (caption, i) => caption ?? missing(listing.called(division.files[i]!), `${list} gives it none`),
  );
}

async function fromFiles(listing: Listing, { files }: Division): Promise<FoundCaptions> {
  const byName = new Map(listing.files.map((file) => [file.name, file]));
  const limited = limiter(AT_ONCE);
  const own = files.map((file) => {
    const name = `${file.name.replace(/\.[^./]*$/, "")}.txt`;
    return byName.get(name) ?? missing(listing.called(file), `${name} is not there`);
  });
  const captions = await Promise.all(
    own.map((file, i) =>
      limited(async () => {
        const called = listing.called(file);
        if (file.size > MOST) fail("data/captions", `${called} has ${file.size} bytes, expected a caption.`);
        const text = captionOf(textOf(await file.bytes(), called), () => missing(called, "it is no text"));
        return text ?? missing(listing.called(files[i]!), `${called} is empty`);
      }),
    ),
  );
  return { captions, files: own };
}

function missing(picture: string, why: string): never {
  return fail(
    "data/captions",
    `${picture} has no caption: ${why}.`,
    "Write one, move the picture, or set captions to false.",
  );
}
