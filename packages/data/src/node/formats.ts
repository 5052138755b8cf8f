import { type Registry, registry } from "@ddpm/core";
import type { DataFormat } from "./format.ts";
import { archives } from "./formats/archives.ts";
import { cifar } from "./formats/cifar.ts";
import { idx } from "./formats/idx.ts";
import { images } from "./formats/images.ts";
import { npy } from "./formats/npy.ts";
import { parquet } from "./formats/parquet.ts";
import { tinyImagenet } from "./formats/tiny-imagenet.ts";
import { webdataset } from "./formats/webdataset.ts";

/** Every format of files that can be opened, the more particular before the more general. */
export const formats: Registry<DataFormat> = registry<DataFormat>("data format", [
  idx,
  cifar,
  npy,
  parquet,
  tinyImagenet,
  webdataset,
  archives,
  images,
]);
