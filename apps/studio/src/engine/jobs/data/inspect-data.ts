import { type Dataset, random } from "@ddpm/core";
import type { NotUsed } from "@ddpm/data/authoring";
import type { Pictures } from "../../images.ts";
import type { Job } from "../../job.ts";
import { type DataFile, givenOf } from "../../store/data-files.ts";
import { openData } from "./open-data.ts";

export interface InspectInput {
  readonly files: readonly DataFile[];
  /** Side that the images are to have. */
  readonly size: number;
  /** Square arrays of a side between these two are taken at their own. */
  readonly own?: readonly [number, number];
}

/** What files hold, before anything is trained on them. */
export interface DataFacts {
  readonly count: number;
  /** Side of arrays, which have one of their own. */
  readonly side: number | undefined;
  readonly channels: number;
  readonly classes: readonly string[];
  /** A mirror image of one means something else. */
  readonly flippable: boolean;
  /** What is in the files too and is not used. */
  readonly notUsed: readonly NotUsed[];
  /** Some of them, as the network will see them. */
  readonly pictures: Pictures;
}

/** Pictures that are shown. */
const SHOWN = 8;

/** Opens the files as training will, and takes some from all over the set. */
export const inspectData: Job<InspectInput, DataFacts> = async ({ files, size, own }) => {
  const { dataset, side, notUsed } = await openData(await givenOf(files), { size, own });
  const { length: count, shape, classes = [], flippable = true } = dataset;
  return { count, side, channels: shape[2], classes, flippable, notUsed, pictures: await someOf(dataset) };
};

async function someOf(dataset: Dataset): Promise<Pictures> {
  const [height, width, channels] = dataset.shape;
  const count = Math.min(SHOWN, dataset.length);
  const size = height * width * channels;
  const data = new Uint8ClampedArray(count * size);
  const order = random(0).fork("look").permutation(dataset.length);
  for (let k = 0; k < count; k++) {
    const { pixels } = await dataset.image(order[k]!);
    data.set(pixels, k * size);
  }
  return { data, count, height, width, channels };
}
