import { type Dataset, fail } from "@ddpm/core";
import type { NotUsed } from "../datasets/not-used.ts";
import { archiveListing, unpackedFiles } from "../listing/archive-listing.ts";
import { leftFiles } from "../listing/left-files.ts";
import type { ListedFile, Listing } from "../listing/listing.ts";
import { baseOf, nameInOneForm } from "../listing/name-form.ts";
import { type Division, divide } from "../listing/splits/divide.ts";
import { knownSet } from "../parsers/known-sets.ts";
import { isNpy, type Npy, parseNpy } from "../parsers/npy.ts";
import { type NpyDatasetOptions, npyDataset } from "../parsers/npy-dataset.ts";
import { npzArrays } from "../parsers/npz.ts";

/** What is asked of arrays. */
export interface NpyChoice extends Omit<NpyDatasetOptions, "images" | "labels" | "name"> {
  readonly split?: string | undefined;
  /** The array of pictures, where there are several. */
  readonly images?: string | undefined;
  /** The array of labels, or a `.npy` next to it; false: none. */
  readonly labels?: string | boolean | undefined;
  readonly name?: string | undefined;
}

interface Found {
  readonly set: Dataset;
  readonly notUsed: readonly NotUsed[];
}

/**
 * The arrays of pictures and of labels in a `.npy`, a `.npz`, a folder or an archive of them, of one split where their
 * names have such words.
 *
 * @throws DdpmError for arrays that do not fit, or several that may be meant
 */
export async function npySet(listing: Listing, choice: NpyChoice): Promise<Found> {
  const arrays = listing.files.filter(({ name }) => listing.kind === "file" || /\.np[yz]$/i.test(name));
  if (arrays.length === 0) fail("data/npy", `${listing.path} has no .npy files.`);
  const named = choice.images !== undefined;
  const whole: Division = {
    files: arrays,
    names: arrays.map(({ name }) => name),
    prefix: "",
    split: undefined,
    left: [],
  };
  const division = named ? whole : divide(listing, arrays, { split: choice.split, inNames: true });
  const packed = division.files.find(({ name }) => /\.npz$/i.test(name));
  if (packed) return inNpz(listing, packed, division, choice);
  const { images, labels, used } = await chosenArrays(listing, division, choice);
  const name = choice.name ?? listing.name;
  const { layout, classNames, flippable } = choice;
  return {
    set: npyDataset({ name, images, labels, layout, classNames, flippable }),
    notUsed: leftFiles(listing, new Set(used), division, otherArrays(division.files, used)),
  };
}

/** Why arrays of the split that is opened are not used. */
function otherArrays(
  files: readonly ListedFile[],
  used: readonly ListedFile[],
): ReadonlyMap<ListedFile, string> {
  const others = files.filter((file) => !used.includes(file));
  return new Map(others.map((file) => [file, "neither the images nor a label for each of them"]));
}

/** A `.npz` in a folder. */
async function inNpz(
  listing: Listing,
  packed: ListedFile,
  { files, left, split }: Division,
  choice: NpyChoice,
): Promise<Found> {
  const several = files.filter(({ name }) => /\.npz$/i.test(name));
  const pair = pairOf(several);
  if (pair) return inPair(listing, pair, { left, split }, choice);
  if (several.length > 1) {
    const names = several.map(({ name }) => name).join(", ");
    fail("data/npy", `${listing.path} has ${several.length} .npz files: ${names}.`, "Give one of them.");
  }
  const source = await packed.source();
  const unpacked = await unpackedFiles({ source, stream: () => packed.stream() }, { memory: 0 });
  if (unpacked?.kind !== "zip") return fail("data/npy", `${source.name} is not a .npz file.`);
  const inner = archiveListing(listing.called(packed), unpacked);
  const { set, notUsed } = await npySet(inner, { ...choice, split: undefined });
  return { set, notUsed: [...notUsed, ...leftFiles(listing, new Set([packed]), { left, split })] };
}

/** Pictures and labels in files of their own, as Kuzushiji-MNIST publishes them: `k49-train-imgs.npz`, `k49-train-labels.npz`. */
function pairOf(
  packed: readonly ListedFile[],
): readonly [images: ListedFile, labels: ListedFile] | undefined {
  if (packed.length !== 2) return undefined;
  const stem = ({ name }: ListedFile): string => name.replace(/[-_.](imgs|images|labels)\.npz$/i, "");
  const labels = packed.find(({ name }) => /[-_.]labels\.npz$/i.test(name));
  const images = packed.find(({ name }) => /[-_.](imgs|images)\.npz$/i.test(name));
  return images && labels && stem(images) === stem(labels) ? [images, labels] : undefined;
}

async function inPair(
  listing: Listing,
  [images, labels]: readonly [ListedFile, ListedFile],
  division: Pick<Division, "left" | "split">,
  { labels: wanted = true, classNames, layout, flippable, ...choice }: NpyChoice,
): Promise<Found> {
  const [pictures, numbers] = await Promise.all([onlyArray(listing, images), onlyArray(listing, labels)]);
  const known = knownSet(/^[^-_]+/.exec(baseOf(images.name))?.[0] ?? "");
  const set = npyDataset({
    name: choice.name ?? listing.name,
    images: pictures,
    labels: wanted === false ? undefined : numbers,
    classNames: classNames ?? known?.classes,
    layout,
    flippable: flippable ?? known?.flippable,
  });
  const used = new Set(wanted === false ? [images] : [images, labels]);
  return { set, notUsed: leftFiles(listing, used, division) };
}

async function onlyArray(listing: Listing, packed: ListedFile): Promise<Npy> {
  const source = await packed.source();
  const unpacked = await unpackedFiles({ source, stream: () => packed.stream() }, { memory: 0 });
  const arrays = unpacked ? archiveListing(listing.called(packed), unpacked).files : [];
  const [only] = arrays;
  if (arrays.length === 1) return parseNpy(await only!.bytes(), listing.called(packed));
  return fail("data/npy", `${listing.called(packed)} has ${arrays.length} arrays, expected one.`);
}

async function chosenArrays(
  listing: Listing,
  { files, names }: Division,
  { images, labels = true }: NpyChoice,
): Promise<{ images: Npy; labels: Npy | undefined; used: readonly ListedFile[] }> {
  const wanted = typeof labels === "string" ? labels : undefined;
  if (files.length === 1 && listing.kind !== "archive") {
    const [file] = files;
    const array = await arrayOf(listing, file!);
    return {
      images: array,
      labels: wanted === undefined ? undefined : await nextToArray(listing, wanted),
      used: files,
    };
  }
  const entries = files.map((file, i) => ({ file, name: names[i]!, read: () => file.bytes() }));
  const found = await npzArrays(listing.path, entries, { images, labels: wanted });
  const fileOf = (name: string | undefined): ListedFile[] =>
    entries.flatMap((entry) =>
      name !== undefined && entry.name.replace(/\.npy$/i, "") === name ? [entry.file] : [],
    );
  const own = labels === false ? undefined : found.labels;
  return {
    images: found.images,
    labels: own,
    used: [...fileOf(found.names[0]), ...(own ? fileOf(found.names[1]) : [])],
  };
}

async function arrayOf(listing: Listing, file: ListedFile): Promise<Npy> {
  const bytes = await file.bytes();
  const called = listing.called(file);
  if (!isNpy(bytes)) fail("data/npy", `${called} does not begin as a NumPy array file does.`);
  return parseNpy(bytes, called);
}

async function nextToArray(listing: Listing, wanted: string): Promise<Npy> {
  const file = listing.files.find(({ name }) => name === nameInOneForm(wanted));
  if (file) return arrayOf(listing, file);
  const found = await listing.aside?.(wanted);
  if (found) return parseNpy(found.bytes, found.called);
  return fail("data/npy", `${listing.path} has no ${wanted}.`, "Set labels to the path of a .npy file.");
}
