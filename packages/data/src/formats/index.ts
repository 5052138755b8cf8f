import { type Registry, registry } from "@ddpm/core";
import { archives } from "./archives.ts";
import { cifar } from "./cifar.ts";
import type { DataFormat } from "./format.ts";
import { idx } from "./idx.ts";
import { images } from "./images.ts";
import { npy } from "./npy.ts";
import { parquet } from "./parquet.ts";
import { tinyImagenet } from "./tiny-imagenet.ts";
import { webdataset } from "./webdataset.ts";

/** Every format of files that can be opened, the more particular before the more general. */
export const formats: Registry<DataFormat> = registry<DataFormat>("data/formats", "data format", [
  idx,
  cifar,
  npy,
  parquet,
  tinyImagenet,
  webdataset,
  archives,
  images,
]);
