import * as z from "zod";
import type { ImageSettings, Place, StoredArrays, StoredPictures } from "../formats/format.ts";
import { pictureOptions } from "../formats/picture-options.ts";
import { subsetOptions } from "../formats/subset-options.ts";
import { classSubset } from "../labels/class-subset.ts";
import { resized } from "../pictures/resized.ts";
import type { OpenedDataset, OpenTools } from "./format.ts";
import { openPictures } from "./pictures/pictures.ts";

/**
 * A set of what a format reads: arrays are resized, pictures decoded by sharp.
 *
 * @throws DdpmError naming the picture that does not decode or has another size
 */
export async function openStored(
  place: Place,
  stored: StoredArrays | StoredPictures,
  settings: ImageSettings = {},
  tools: OpenTools = {},
): Promise<OpenedDataset> {
  const left = stored.notUsed ? { notUsed: stored.notUsed } : {};
  if ("source" in stored) {
    const { classes, ...checked } = z.object({ ...pictureOptions, ...subsetOptions }).parse(settings);
    const numbers = classes?.map((one) => stored.classNumbers?.get(String(one)) ?? one);
    return { ...(await openPictures(stored.source, { ...checked, classes: numbers }, tools)), ...left };
  }
  const { size, classes, relabel } = settings;
  const [height, width] = typeof size === "object" ? size : [size, size];
  const { set } = stored;
  const sized = height === undefined || width === undefined ? set : resized(set, height, width);
  return { ...classSubset(sized, { classes, relabel }), path: place.path, ...left };
}
