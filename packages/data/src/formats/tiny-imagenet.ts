import type { Plugin } from "@ddpm/core";
import * as z from "zod";
import type { ClassSubset } from "../labels/class-subset.ts";
import { plugin } from "../plugin.ts";
import { tinyImagenetPictures } from "../readers/tiny-imagenet.ts";
import type { DataFormat } from "./format.ts";
import { type PictureOptions, pictureOptions } from "./picture-options.ts";
import { subsetOptions } from "./subset-options.ts";

/** Options of {@link tinyImagenet}. */
export interface TinyImagenetOptions extends PictureOptions, ClassSubset {
  /** `train` (default), `val`, or `test`, which has no labels. */
  readonly split?: string | undefined;
}

/**
 * Tiny ImageNet as published: `train/WNID/images`, `val/images` with `val_annotations.txt`, `test/images`. Labels
 * follow the order of `wnids.txt`; names are those of `words.txt`, or the WNIDs without it. `classes` takes WNIDs too.
 *
 * Source: Stanford CS231n, "Tiny ImageNet Visual Recognition Challenge".
 */
export const tinyImagenet: Plugin<TinyImagenetOptions, DataFormat> = plugin({
  name: "tiny-imagenet",
  about: "Tiny ImageNet's own layout: wnids.txt, words.txt, train/WNID/images, val with val_annotations.txt",
  source: "Stanford CS231n, Tiny ImageNet",
  options: {
    ...pictureOptions,
    ...subsetOptions,
    split: z.string().min(1).default("train").describe("train, val or test"),
  },
  create: ({ split, ...images }) => ({
    images,
    recognises: async (place) => (await place.contents()).kind === "tiny-imagenet",
    async read(place) {
      const { listing } = await place.contents();
      const { wnids: classNumbers, ...found } = await tinyImagenetPictures(listing, split);
      return { ...found, classNumbers };
    },
  }),
});
