import { type Registry, registry } from "@ddpm/core";
import { classifier } from "./classifier/classifier.ts";
import type { ExtractorRecipe } from "./extractor.ts";
import { inceptionV3 } from "./inception/inception-v3.ts";
import { pixels } from "./pixels.ts";
import { randomFeatures } from "./random-features.ts";

/** Every built-in extractor that runs anywhere; `/node` adds `onnx`. */
export const extractors: Registry<ExtractorRecipe> = registry<ExtractorRecipe>("extractor", [
  classifier,
  inceptionV3,
  randomFeatures,
  pixels,
]);
