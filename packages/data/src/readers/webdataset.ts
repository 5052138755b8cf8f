import { fail } from "@ddpm/core";
import { type Sample, sampleKey, samplesOf } from "../archive/samples.ts";
import { limiter } from "../bytes/limiter.ts";
import { type NotUsed, summed } from "../datasets/not-used.ts";
import { archiveListing, unpackedFiles } from "../listing/archive-listing.ts";
import { type Division, divide } from "../listing/divide.ts";
import { folderClasses } from "../listing/folder-classes.ts";
import { isShardName } from "../listing/kind.ts";
import { leftFiles } from "../listing/left-files.ts";
import type { Listing } from "../listing/listing.ts";
import { baseOf } from "../listing/name-form.ts";
import { isImageName } from "../pictures/picture-names.ts";
import type { PictureSource } from "../pictures/picture-source.ts";
import type { FoundPictures } from "./pictures.ts";

/** What is asked of shards. */
export interface WebdatasetChoice {
  /** Where labels are: `cls` (default where there are such files), or a field of the JSON files; false: none. */
  readonly label?: string | false | undefined;
  readonly classNames?: readonly string[] | undefined;
  readonly split?: string | undefined;
  /** Most bytes that gzipped shards may take unpacked, each. */
  readonly memory: number;
}

/** Largest label where no class names tell how many classes there are. */
const MOST = 100_000;
/** Most bytes of a file with a label. */
const LABEL_BYTES = 2 ** 20;

interface Shard {
  readonly listing: Listing;
  readonly samples: readonly Sample[];
  readonly notUsed: readonly NotUsed[];
}

/**
 * The pictures of WebDataset shards: of one TAR, or of the shards of a split in a folder, in the order of their names. Samples
 * are put together by their keys, wherever their files are stored.
 *
 * @throws DdpmError naming a shard: a label that is missing or none, no pictures, no such split
 */
export async function webdatasetPictures(
  listing: Listing,
  { label, classNames, split, memory }: WebdatasetChoice,
): Promise<FoundPictures> {
  const { shards, division } = await shardsOf(listing, split, memory);
  const samples = shards.flatMap((shard) => shard.samples.map((sample) => ({ ...sample, shard })));
  if (samples.length === 0)
    fail(
      "data/webdataset",
      `${listing.path} has no PNG, JPEG, WebP or GIF files in its archives, expected at least one.`,
      "Open an archive of other data by itself.",
    );
  const found = await labelsOf(samples, label);
  const numbers = found?.labels;
  const most = numbers?.reduce((a, b) => Math.max(a, b), 0) ?? 0;
  const limit = classNames?.length ?? MOST;
  if (most >= limit) fail("data/webdataset", `${listing.path}: label ${most}, expected 0 to ${limit - 1}.`);
  const classes = classNames ?? Array.from({ length: most + 1 }, (_, number) => String(number));
  const names = samples.map(({ picture }) => picture.name);
  const folders = label === false || numbers ? undefined : folderClasses(names, [], listing.path);
  return {
    source: {
      ...sourceOf(listing, division, samples),
      labelling: numbers ? { classes, labels: numbers } : folders,
    },
    notUsed: summed([
      ...shards.flatMap(({ notUsed }) => notUsed),
      ...shards.flatMap((shard) => leftInShard(shard, found?.ending)),
      ...(listing.kind === "archive" ? [] : leftFiles(listing, new Set(division.files), division)),
    ]),
  };
}

function sourceOf(
  listing: Listing,
  { split, files }: Division,
  samples: readonly (Sample & { readonly shard: Shard })[],
): PictureSource {
  const shardName = ({ listing: { path } }: Shard): string => baseOf(path.replaceAll("\\", "/"));
  return {
    name: split === undefined || listing.kind === "archive" ? listing.name : `${listing.name}/${split}`,
    path: listing.path,
    names: samples.map(({ key }) => key),
    file: (index) => samples[index]!.shard.listing.called(samples[index]!.picture),
    bytes: (index) => samples[index]!.picture.bytes(),
    identity: samples.map(({ shard, picture }) => [shardName(shard), picture.stored, picture.size]),
    ...(listing.kind === "archive" ? {} : { stamp: files.map(({ changed }) => changed) }),
  };
}

async function shardsOf(
  listing: Listing,
  split: string | undefined,
  memory: number,
): Promise<{ shards: Shard[]; division: Division }> {
  const tars = listing.kind === "archive" ? [] : listing.files.filter(({ name }) => isShardName(name));
  if (tars.length === 0) return inOne(listing, split);
  const division = divide(listing, tars, { split, inNames: true, configurations: true });
  const shards = await Promise.all(
    division.files.map(async (file) => {
      const source = await file.source();
      const unpacked = await unpackedFiles({ source, stream: () => file.stream() }, { memory });
      if (unpacked?.kind !== "tar") return fail("data/webdataset", `${source.name} is not a TAR archive.`);
      const inner = archiveListing(source.name, unpacked);
      return { listing: inner, samples: samplesOf(inner.files, source.name), notUsed: [] };
    }),
  );
  return { shards, division };
}

/** An archive, or a folder of files as a shard has them. */
function inOne(listing: Listing, split: string | undefined): { shards: Shard[]; division: Division } {
  const pictures = listing.files.filter(({ name }) => isImageName(name));
  if (pictures.length === 0)
    fail("data/webdataset", `${listing.path} has no PNG, JPEG, WebP or GIF files, expected at least one.`);
  const division = divide(listing, pictures, { split, inNames: false });
  const chosen = new Set(division.files);
  const samples = samplesOf(listing.files, listing.path).filter(({ picture }) => chosen.has(picture));
  const others = division.left.flatMap(({ split: other }) =>
    other === undefined
      ? []
      : [{ what: other, count: 1, reason: `another split; ${division.split} is opened` }],
  );
  return { shards: [{ listing, samples, notUsed: others }], division };
}

/** Files of a shard that are neither pictures nor labels; those of other splits are reported by their pictures. */
function leftInShard({ listing, samples }: Shard, ending: string | undefined): NotUsed[] {
  const used = new Set(
    samples.flatMap(({ picture, about }) => [picture, ...(ending === undefined ? [] : [about.get(ending)])]),
  );
  const keys = new Set(samples.map(({ key }) => key));
  const own = listing.files.filter(({ name }) => keys.has(sampleKey(name)?.[0] ?? ""));
  const kinds = new Map<string, number>();
  for (const file of own) {
    if (used.has(file)) continue;
    const kind = baseOf(file.name).slice(baseOf(file.name).indexOf(".")).toLowerCase();
    kinds.set(kind, (kinds.get(kind) ?? 0) + 1);
  }
  const reason = ending === undefined ? "not labels" : `labels are those of the .${ending} files`;
  return [...kinds].map(([kind, count]) => ({ what: `${kind} files`, count, reason }));
}

/** Whole numbers, and the ending of the files that they are from; undefined where there are none. */
async function labelsOf(
  samples: readonly (Sample & { readonly shard: Shard })[],
  wanted: string | false | undefined,
): Promise<{ labels: number[]; ending: string } | undefined> {
  if (wanted === false) return undefined;
  const has = (ending: string): boolean => samples.some(({ about }) => about.has(ending));
  const by = wanted ?? (has("cls") ? "cls" : "label");
  const ending = by === "cls" ? "cls" : "json";
  if (wanted === undefined && !has(ending)) return undefined;
  const limited = limiter(16);
  const texts = await Promise.all(
    samples.map(({ about }) =>
      limited(async () => {
        const file = about.get(ending);
        const text = file && file.size < LABEL_BYTES ? new TextDecoder().decode(await file.bytes()) : "";
        return by === "cls" ? text.trim() : String(fieldOf(text, by));
      }),
    ),
  );
  // JSON files of which none has the usual field are about other things than labels.
  if (wanted === undefined && by === "label" && texts.every((text) => text === "undefined")) return undefined;
  const labels = texts.map((text, i) => {
    if (/^\d{1,9}$/.test(text)) return Number(text);
    const { shard, key } = samples[i]!;
    const what = by === "cls" ? "file .cls" : `field ${by} in its .json`;
    return fail(
      "data/webdataset",
      `${shard.listing.path}: ${key} has no ${what} with a whole number.`,
      wanted === undefined ? "Set label to the field that holds it, or to false." : undefined,
    );
  });
  return { labels, ending };
}

function fieldOf(text: string, field: string): unknown {
  try {
    const json: unknown = JSON.parse(text);
    return json !== null && typeof json === "object" ? (json as Record<string, unknown>)[field] : undefined;
  } catch {
    return undefined;
  }
}
