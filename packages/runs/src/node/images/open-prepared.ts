import { stat } from "node:fs/promises";
import { basename, resolve } from "node:path";
import { fail, isDdpmError } from "@ddpm/core";
import { fingerprint } from "@ddpm/core/authoring";
import { embeddedSets } from "@ddpm/data";
import { formats } from "@ddpm/data/node";
import { type EncodedPictures, recognisedFormat } from "@ddpm/data/node/authoring";
import { cropped } from "./cropped.ts";
import { checkSource, openImages, type RunImages } from "./open-images.ts";
import { isPicture, readPicture } from "./picture-file.ts";
import { type Preparation, preparingSettings, takenBy, transformPicture } from "./picture-transform.ts";

/** Images as a run's network takes them. */
export interface PreparedImages extends RunImages {
  /** Their files as they are stored, where they are pictures and none was left out. */
  readonly encoded?: EncodedPictures | undefined;
}

/** What the images are for. */
export interface OpenPreparedOptions extends Preparation {
  /** Whether labels are needed; otherwise folders are no classes. */
  readonly labels?: boolean;
  /** Sizes [H, W] of sets that are taken as they are, besides the run's own. */
  readonly sizes?: readonly (readonly [height: number, width: number])[];
  /** Draws the places of crops; the middle when left out. */
  readonly seed?: number;
  /** What to do where nothing is at the path. */
  readonly advice: string;
  /** Receives what people should know: how many images were left out, for example. */
  readonly say: (text: string) => void;
}

/**
 * Opens images from anywhere as training with this run would open them: a picture, a folder of pictures or of folders,
 * an archive, Parquet, WebDataset, an embedded set, or any other format. The run's `size`, `channels`, `fit`, `kernel`,
 * `background` and `skipBad` hold, and its `split` and `classes` where the source has them; its own source is opened
 * with all of its settings.
 *
 * @returns images of the run's shape, or of one of `sizes`
 * @throws DdpmError for what cannot be read, or has another shape and cannot be brought to the run's
 */
export async function openPrepared(source: string, options: OpenPreparedOptions): Promise<PreparedImages> {
  const { shape, sizes = [], seed } = options;
  const images = await (isOwn(source, options) ? openOwn(options) : openOther(source, options));
  const fits = [shape, ...sizes].some(
    ([height, width]) => images.shape[0] === height && images.shape[1] === width,
  );
  if (fits && images.shape[2] === shape[2]) return images;
  const larger = images.shape[0] >= shape[0] && images.shape[1] >= shape[1];
  if (options.data.crop !== undefined && larger && images.shape[2] === shape[2])
    return cropped(images, shape, seed);
  await images.workers?.close();
  await images.close?.();
  return fail(
    "runs/open-prepared",
    `${source} has images of ${images.shape.join(" × ")}, and the run's are ${shape.join(" × ")}.`,
    "Only pictures (PNG, JPEG …) are brought to the run's size and channels: give those, or a set of that shape.",
  );
}

/** Whether a path is where the run's own images came from. */
export function isOwn(source: string, { data }: Pick<Preparation, "data">): boolean {
  if (source === data.source) return true;
  const embedded = embeddedSets.names;
  if (embedded.includes(source) || embedded.includes(data.source)) return false;
  return resolve(source) === resolve(data.source);
}

/** With every setting of the run; pictures that training took as they were are brought to their size, too. */
async function openOwn(options: OpenPreparedOptions): Promise<PreparedImages> {
  const { data, say, advice } = options;
  const { source, format, size, crop } = data;
  const asTheyWere = size === undefined && crop === undefined && !embeddedSets.names.includes(source);
  if (!asTheyWere) return openImages(data, say, advice);
  checkSource(source, advice);
  const { schema } = formats.get(format ?? (await recognisedFormat(source)));
  const sized = "fit" in schema.shape ? { size: preparingSettings(options).size } : {};
  return openImages({ ...data, ...sized }, say, advice);
}

async function openOther(source: string, options: OpenPreparedOptions): Promise<PreparedImages> {
  const { data, sizes = [], say, advice } = options;
  const { range, workers } = data;
  const base = { source, range, ...(workers === undefined ? {} : { workers }) };
  const preparing = preparingSettings(options);
  if (embeddedSets.names.includes(source)) {
    const settings = takenBy(embeddedSets.get(source).schema, preparing);
    return openImages({ ...base, ...settings }, say);
  }
  checkSource(source, advice);
  if (await isPicture(source)) return onePicture(source, options);
  const format = await recognisedFormat(source);
  const { schema } = formats.get(format);
  const open = (settings: object): Promise<PreparedImages> =>
    openImages({ ...base, format, ...takenBy(schema, { ...settings }) }, say);
  if (sizes.length > 0 && !("fit" in schema.shape)) {
    const asStored = await open({});
    if (sizes.some(([height, width]) => asStored.shape[0] === height && asStored.shape[1] === width))
      return asStored;
    await asStored.close?.();
  }
  return firstThatOpens(choices(options).map((choice) => () => open({ ...preparing, ...choice })));
}

/**
 * Which images of a source to take, the closest to the run's choice first: not every source has the run's splits,
 * classes or lists of labels.
 */
function choices({ data, labels = false }: OpenPreparedOptions): readonly object[] {
  const { split, classes, relabel } = data;
  const none = { labels: false, label: false };
  const given = data.labels === false ? none : {};
  const splits = split === undefined ? [{}] : [{ split }, {}];
  const some = classes === undefined ? [] : splits.map((one) => ({ ...one, ...given, classes, relabel }));
  const labelled = labels ? splits.map((one) => ({ ...one, ...given })) : [];
  return [...some, ...labelled, ...splits.map((one) => ({ ...one, ...none }))];
}

async function firstThatOpens(attempts: readonly (() => Promise<PreparedImages>)[]): Promise<PreparedImages> {
  const [first, ...others] = attempts;
  try {
    return await first!();
  } catch (error) {
    if (!isDdpmError(error) || others.length === 0) throw error;
    return firstThatOpens(others);
  }
}

/** A picture as a set of one image. */
async function onePicture(path: string, options: OpenPreparedOptions): Promise<PreparedImages> {
  const bytes = await readPicture(path);
  const { pixels, shape } = await transformPicture(bytes, path, options);
  const { mtimeMs, size } = await stat(path);
  return {
    name: basename(path),
    length: 1,
    shape,
    flippable: true,
    fingerprint: fingerprint("picture", resolve(path), size, mtimeMs, JSON.stringify(shape)),
    image: () => ({ pixels }),
    encoded: { names: [path], bytes: async () => bytes },
  };
}
