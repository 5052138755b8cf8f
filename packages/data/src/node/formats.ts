import { type Registry, registry } from "@ddpm/core";
import type { DataFormat } from "./format.ts";
import { idx } from "./formats/idx.ts";
import { images } from "./formats/images.ts";

/** Every format of files that can be opened, the more particular before the more general. */
export const formats: Registry<DataFormat> = registry<DataFormat>("data format", [idx, images]);
