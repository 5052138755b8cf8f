import { processors } from "@ddpm/core/node";
import { formats as builtIn } from "../../formats/index.ts";
import type { OpenedDataset } from "../format.ts";
import { formatOf, memoryOf, type OpenOptions, openPlace } from "../open.ts";
import { placeAt } from "../place.ts";
import { type Look, lookAtPicture, lookAtPixels } from "./look.ts";
import type { CountedSize, DatasetReport } from "./report.ts";

/** How {@link checkDataset} works; the rest are options of the format. */
export type CheckOptions = OpenOptions & {
  /** Called with how far it is. */
  readonly progress?: ((done: number, total: number) => void) | undefined;
};

/**
 * Looks at every image of a set: what it is, whether it decodes, whether it is there twice.
 *
 * @throws DdpmError as {@link openDataset} does, for what is no set at all; broken pictures are part of the report
 */
export async function checkDataset(path: string, options: CheckOptions = {}): Promise<DatasetReport> {
  const { progress, ...open } = options;
  const { formats = builtIn } = open;
  const place = await placeAt(path, memoryOf(open));
  const format = open.format ?? (await formatOf(place, formats));
  // Any size: the pictures are looked at as they are stored, and need not be alike.
  const decodes = "fit" in formats.get(format).schema.shape;
  const sized = "size" in open || !decodes ? open : { ...open, size: 64 };
  const set = await openPlace(place, format, sized);
  const looks = await looksAt(set, progress);
  await set.close?.();
  const good = looks.filter(({ reason }) => reason === undefined);
  const sides = good.flatMap(({ height, width }) => [height, width]);
  const sizes = sizesOf(good);
  return {
    path: set.path,
    name: set.name,
    format,
    images: set.length,
    sizes: sizes.slice(0, 20),
    differentSizes: sizes.length,
    smallestSide: sides.reduce((a, b) => Math.min(a, b), sides[0] ?? 0),
    largestSide: sides.reduce((a, b) => Math.max(a, b), 0),
    encodings: counted(good.map(({ encoding }) => encoding)),
    colours: counted(good.map(({ colour }) => colour)),
    depths: counted(good.map(({ depth }) => depth)),
    classes: classesOf(set),
    notUsed: set.notUsed ?? [],
    broken: looks.flatMap(({ file, reason }) => (reason === undefined ? [] : [{ file, reason }])),
    duplicates: groups(looks, ({ hash }) => hash)
      .filter((same) => same.length > 1)
      .map((same) => same.map(({ file }) => file)),
    flippable: set.flippable !== false,
    fingerprint: set.fingerprint,
  };
}

async function looksAt(
  { encoded, length, shape, image }: OpenedDataset,
  progress: ((done: number, total: number) => void) | undefined,
): Promise<Look[]> {
  const looks: Look[] = [];
  let [next, done] = [0, 0];
  const lane = async (): Promise<void> => {
    while (next < length) {
      const index = next++;
      looks[index] = encoded
        ? await lookAtPicture(encoded.names[index]!, await encoded.bytes(index))
        : lookAtPixels(`image ${index}`, (await image(index)).pixels, shape);
      progress?.(++done, length);
    }
  };
  await Promise.all(Array.from({ length: 2 * processors().count }, lane));
  return looks;
}

function sizesOf(looks: readonly Look[]): CountedSize[] {
  return groups(looks, ({ height, width }) => `${height}×${width}`)
    .map((same) => ({ height: same[0]!.height, width: same[0]!.width, images: same.length }))
    .sort((a, b) => b.images - a.images);
}

function counted(words: readonly string[]): Record<string, number> {
  const same = groups(words, (word) => word).sort((a, b) => b.length - a.length);
  return Object.fromEntries(same.map((group) => [group[0]!, group.length]));
}

function groups<Item>(items: readonly Item[], by: (item: Item) => string): Item[][] {
  const found = new Map<string, Item[]>();
  for (const item of items) {
    const key = by(item);
    const group = found.get(key);
    if (group) group.push(item);
    else found.set(key, [item]);
  }
  return [...found.values()];
}

function classesOf({ classes, labels }: OpenedDataset): DatasetReport["classes"] {
  if (!classes || !labels) return undefined;
  const counts = new Array<number>(classes.length).fill(0);
  for (const label of labels) counts[label]!++;
  return classes.map((name, label) => ({ name, images: counts[label]! }));
}
