import { type CompileStep, type Dataset, fail, type Images } from "@ddpm/core";
import type { Store } from "../features/store.ts";

/** Features of a batch of images, and logits. */
export interface Extraction {
  /** [B, dimension] */
  readonly features: Float32Array;
  /** [B, classes], before the softmax, where the extractor classifies. */
  readonly logits?: Float32Array;
}

/** Turns images into rows of numbers, with a network or without. */
export interface Extractor {
  readonly name: string;
  /** Hash of weights and settings: features are compared only where it is equal. */
  readonly fingerprint: string;
  /** Numbers per image. */
  readonly dimension: number;
  /** What a reader of its numbers should know, e.g. `{ heldOutAccuracy: 0.91 }`. */
  readonly facts: Readonly<Record<string, number>>;
  /**
   * @param images [B, H, W, C] in [−1, 1]
   * @throws DdpmError for images of a size or number of channels that it does not take
   */
  extract(images: Images): Promise<Extraction>;
  /** Frees its tensors. */
  dispose(): void;
}

/** What an extractor may need to get ready. */
export interface ExtractorSources {
  /** Reads a file of weights: `readFile` in Node, `fetch` in a browser. */
  readonly read?: (path: string) => Promise<Uint8Array>;
  /** The real images, with labels, for extractors that are trained. */
  readonly dataset?: Dataset;
  /** Cache of trained weights. */
  readonly store?: Store;
  /** Compiles the training steps, where the backend can; results may differ in their last bits. */
  readonly compile?: CompileStep;
  /** Share of the preparation that is done, 0 … 1. */
  readonly onProgress?: (done: number) => void;
  /** Ends the preparation with its reason. */
  readonly signal?: AbortSignal;
}

/** An extractor with its settings, before weights are read or trained. */
export interface ExtractorRecipe {
  readonly name: string;
  /** Paths that it will read: to be checked before anything is drawn. */
  readonly reads?: readonly string[];
  /** @throws DdpmError when a source is missing or holds something else */
  prepare(sources: ExtractorSources): Promise<Extractor>;
}

/**
 * A source that an extractor cannot do without.
 *
 * @throws DdpmError naming it when it is missing
 */
export function needed<Name extends keyof ExtractorSources>(
  where: string,
  sources: ExtractorSources,
  name: Name,
  hint: string,
): NonNullable<ExtractorSources[Name]> {
  return sources[name] ?? fail(`metrics/${where}`, `${name} is missing among its sources.`, hint);
}
