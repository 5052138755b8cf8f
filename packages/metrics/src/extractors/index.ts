import { type Registry, registry } from "@ddpm/core";
import { classifierExtractor } from "./classifier/classifier.ts";
import type { ExtractorRecipe } from "./extractor.ts";
import { inceptionV3Extractor } from "./inception/inception-v3.ts";
import { pixelsExtractor } from "./pixels.ts";
import { randomExtractor } from "./random.ts";

/** Every built-in extractor that runs anywhere; `/node` adds `onnx`. */
export const extractors: Registry<ExtractorRecipe> = registry<ExtractorRecipe>(
  "metrics/extractors",
  "extractor",
  [classifierExtractor, inceptionV3Extractor, randomExtractor, pixelsExtractor],
);
