import { fail } from "@ddpm/core";
import { type Sample, sampleKey, samplesOf } from "../archive/samples.ts";
import type { CaptionChoice } from "../captions/caption-option.ts";
import { type NotUsed, summed } from "../datasets/not-used.ts";
import { archiveListing, unpackedFiles } from "../listing/archive-listing.ts";
import { folderClasses } from "../listing/folder-classes.ts";
import { isShardName } from "../listing/kind.ts";
import { leftFiles } from "../listing/left-files.ts";
import type { ListedFile, Listing } from "../listing/listing.ts";
import { baseOf } from "../listing/name-form.ts";
import { chosenRows } from "../listing/splits/chosen-split.ts";
import { type Division, divide } from "../listing/splits/divide.ts";
import { isImageName } from "../pictures/picture-names.ts";
import type { PictureSource } from "../pictures/picture-source.ts";
import type { FoundPictures } from "./pictures.ts";
import { sampleCaptions, sampleLabels, sampleSplits } from "./sample-fields.ts";

/** What is asked of shards. */
export interface WebdatasetChoice {
  /** Where labels are: `cls` (default where there are such files), or a field of the JSON files; false: none. */
  readonly label?: string | false | undefined;
  readonly classNames?: readonly string[] | undefined;
  readonly split?: string | undefined;
  readonly captions?: CaptionChoice | undefined;
  /** Most bytes that gzipped shards may take unpacked, each. */
  readonly memory: number;
}

interface Shard {
  readonly listing: Listing;
  readonly samples: readonly Sample[];
  /** What divides its own files. */
  readonly division: Pick<Division, "left" | "split">;
}

interface Shards {
  readonly shards: readonly Shard[];
  readonly division: Division;
  /** Whether the listing's files are shards; else its files are those of one. */
  readonly inShards: boolean;
}

type ShardSample = Sample & { readonly shard: Shard };

/**
 * The pictures of WebDataset shards: of one TAR, or of the shards of a split in a folder, in the order of their names. Samples
 * are put together by their keys, wherever their files are stored.
 *
 * @throws DdpmError naming a shard: a label that is missing or none, no pictures, no such split
 */
export async function webdatasetPictures(
  listing: Listing,
  { label, classNames, split, captions = false, memory }: WebdatasetChoice,
): Promise<FoundPictures> {
  const { shards, division, inShards } = await shardsOf(listing, split, memory);
  const all = shards.flatMap((shard) => shard.samples.map((sample) => ({ ...sample, shard })));
  if (all.length === 0)
    fail(
      "data/webdataset",
      `${listing.path} has no PNG, JPEG, WebP or GIF files in its archives, expected at least one.`,
      "Open an archive of other data by itself.",
    );
  const splits = division.split === undefined ? await sampleSplits(all, label) : undefined;
  const chosen = chosenRows(listing, division.split, splits, split);
  const samples = all.filter((_, i) => chosen.keeps(i));
  const found = await sampleLabels(listing.path, samples, { label, classNames });
  const names = samples.map(({ picture }) => picture.name);
  const folders = label === false || found ? undefined : folderClasses(names, [], listing.path);
  const captioned = captions ? await sampleCaptions(samples, captions) : undefined;
  const endings = [found?.ending, captioned?.ending, splits && "json"];
  const read = new Set(endings.filter((ending) => ending !== undefined));
  return {
    source: {
      ...sourceOf(listing, division, samples),
      ...(splits ? { name: `${listing.name}/${chosen.split}` } : {}),
      labelling: found ? { classes: found.classes, labels: found.labels } : folders,
      ...(captioned ? { captions: captioned.captions } : {}),
    },
    notUsed: summed([
      ...chosen.left,
      ...shards.flatMap((shard) => leftInShard(shard, found?.ending, read)),
      ...(inShards ? leftFiles(listing, new Set(division.files), division) : []),
    ]),
  };
}

function sourceOf(
  listing: Listing,
  { split, files }: Division,
  samples: readonly ShardSample[],
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

async function shardsOf(listing: Listing, split: string | undefined, memory: number): Promise<Shards> {
  const tars = listing.kind === "archive" ? [] : listing.files.filter(({ name }) => isShardName(name));
  if (tars.length === 0) return inOne(listing, split);
  const options = { split, inNames: true, configurations: true, undivided: true };
  const division = divide(listing, tars, options);
  const shards = await Promise.all(
    division.files.map(async (file) => {
      const source = await file.source();
      const unpacked = await unpackedFiles({ source, stream: () => file.stream() }, { memory });
      if (unpacked?.kind !== "tar") return fail("data/webdataset", `${source.name} is not a TAR archive.`);
      const inner = archiveListing(source.name, unpacked);
      const whole = { left: [], split: undefined };
      return { listing: inner, samples: samplesOf(inner.files, source.name), division: whole };
    }),
  );
  return { shards, division, inShards: true };
}

/** An archive, or a folder of files as a shard has them. */
function inOne(listing: Listing, split: string | undefined): Shards {
  const pictures = listing.files.filter(({ name }) => isImageName(name));
  if (pictures.length === 0)
    fail("data/webdataset", `${listing.path} has no PNG, JPEG, WebP or GIF files, expected at least one.`);
  const division = divide(listing, pictures, { split, inNames: false, undivided: true });
  const chosen = new Set(division.files);
  const samples = samplesOf(listing.files, listing.path).filter(({ picture }) => chosen.has(picture));
  return { shards: [{ listing, samples, division }], division, inShards: false };
}

/** Files of a shard that were not read; those of other splits are reported by their pictures. */
function leftInShard(
  { listing, samples, division }: Shard,
  labels: string | undefined,
  read: ReadonlySet<string>,
): NotUsed[] {
  const used = new Set(
    samples.flatMap(({ picture, about }) => [picture, ...[...read].map((ending) => about.get(ending))]),
  );
  const keyed = (keys: ReadonlySet<string | undefined>): readonly ListedFile[] =>
    listing.files.filter(({ name }) => keys.has(sampleKey(name)?.[0] ?? ""));
  const own = keyed(new Set(samples.map(({ key }) => key)));
  const others = keyed(new Set(division.left.map(({ file }) => sampleKey(file.name)?.[0])));
  const left = new Set(division.left.map(({ file }) => file));
  const kinds = new Map<string, number>();
  for (const file of own) {
    if (used.has(file)) continue;
    const kind = baseOf(file.name).slice(baseOf(file.name).indexOf(".")).toLowerCase();
    kinds.set(kind, (kinds.get(kind) ?? 0) + 1);
  }
  const none = "not labels; set label to the field of a .json file that holds them";
  const reason = labels === undefined ? none : `labels are those of the .${labels} files`;
  return [
    ...[...kinds].map(([kind, count]) => ({ what: `${kind} files`, count, reason })),
    ...leftFiles(listing, new Set([...own, ...others].filter((file) => !left.has(file))), division),
  ];
}
