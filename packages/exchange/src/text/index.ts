import { type Registry, registry } from "@ddpm/core";
import { clip } from "./clip.ts";
import type { ReferenceTextModel } from "./reference-text-model.ts";

/** Every family of reference code whose text models can be read and written. */
export const textFamilies: Registry<ReferenceTextModel> = registry<ReferenceTextModel>(
  "exchange/text",
  "family of text models",
  [clip],
);
