import { type Dataset, isDdpmError } from "@ddpm/core";
import { resized } from "@ddpm/data";
import type { NotUsed } from "@ddpm/data/authoring";
import { type GivenFile, type OpenFilesOptions, openFiles } from "@ddpm/data/browser";
import { checkChannels } from "@ddpm/viz/authoring";

/** Images of files, all of one size. */
export interface OpenedData {
  readonly dataset: Dataset;
  /** Side of arrays, which have one of their own; undefined for pictures, which are decoded at any. */
  readonly side: number | undefined;
  /** What is in the files too and is not used. */
  readonly notUsed: readonly NotUsed[];
}

/**
 * Opens files: pictures are decoded at the side that is wanted, arrays are brought to it.
 *
 * @param options as of `openFiles`; without `labels` they are taken where there are some. With `own`, square arrays of a
 *   side between these two stay as they are.
 * @throws DdpmError for files of no known kind, that do not hold what they should, or with channels that no picture has
 */
export async function openData(
  files: readonly GivenFile[],
  {
    size,
    own,
    ...options
  }: OpenFilesOptions & {
    readonly size?: number | undefined;
    readonly own?: readonly [number, number] | undefined;
  },
): Promise<OpenedData> {
  const wanted = size === undefined ? options : { ...options, size };
  const set = await openFiles(files, wanted).catch((error: unknown) => {
    // Images of an IDX pair without the labels are images all the same.
    if (options.labels !== undefined || !isDdpmError(error) || !/-labels/.test(error.message)) throw error;
    return openFiles(files, { ...wanted, labels: false });
  });
  const [height, width, channels] = set.shape;
  checkChannels("studio/open-data", channels);
  const { notUsed } = set;
  if (size === undefined || (height === size && width === size))
    return { dataset: set, side: undefined, notUsed };
  if (own && height === width && own[0] <= height && height <= own[1])
    return { dataset: set, side: height, notUsed };
  return { dataset: resized(set, size, size), side: height, notUsed };
}
