import { fail, type Images } from "@ddpm/core";
import { type Features, toFeatures } from "../features/features.ts";
import type { Extractor } from "./extractor.ts";

/** Features of many images, and logits where the extractor classifies. */
export interface ExtractedFeatures {
  readonly features: Features;
  /** Of the same images; they bear the extractor's fingerprint too. */
  readonly logits?: Features;
}

/**
 * Runs an extractor over batches of images.
 *
 * @param batches e.g. `batchesOf(dataset)`, or one batch in a list
 * @throws DdpmError for no images, images of different sizes, or features that are not finite
 */
export async function extractFeatures(
  extractor: Extractor,
  batches: AsyncIterable<Images> | Iterable<Images>,
): Promise<ExtractedFeatures> {
  const rows: Float32Array[] = [];
  const logits: Float32Array[] = [];
  let count = 0;
  let size: string | undefined;
  for await (const images of batches) {
    const given = images.shape.slice(1).join(" × ");
    if (size !== undefined && size !== given) {
      fail("metrics/extract-features", `images of ${size} and of ${given} given, expected one size.`);
    }
    size = given;
    const extraction = await extractor.extract(images);
    rows.push(extraction.features);
    if (extraction.logits) logits.push(extraction.logits);
    count += images.shape[0];
  }
  if (count === 0) fail("metrics/extract-features", "no images given, expected at least one.");
  const joined = (parts: readonly Float32Array[]): Features => {
    const data = new Float32Array(parts.reduce((sum, part) => sum + part.length, 0));
    let at = 0;
    for (const part of parts) {
      data.set(part, at);
      at += part.length;
    }
    return toFeatures(data, data.length / count, extractor.fingerprint);
  };
  return { features: joined(rows), ...(logits.length > 0 ? { logits: joined(logits) } : {}) };
}
