import { fail } from "@ddpm/core";
import { fingerprint } from "@ddpm/core/authoring";
import { readSafetensors, type SafeTensor, writeSafetensors } from "@ddpm/weights";
import type { Extractor } from "../extractors/extractor.ts";
import type { FeatureStatistics } from "./feature-statistics.ts";
import { type Features, toFeatures } from "./features.ts";
import type { Store } from "./store.ts";

/** Identity of a set of real images. */
export interface RealImages {
  /** Fingerprint of the data set's content. */
  readonly fingerprint: string;
  /** Preprocessing and selection of the images: a value that JSON can hold. */
  readonly transform: unknown;
}

/**
 * Features of real images, cached in the store by the content of the images, the extractor and the transform.
 *
 * @param make called when the store has none
 * @throws DdpmError when `make` returns features of another extractor
 */
export async function cachedFeatures(
  store: Store,
  real: RealImages,
  extractor: Pick<Extractor, "name" | "fingerprint">,
  make: () => Promise<Features>,
): Promise<Features> {
  const name = nameOf("features", real, extractor);
  const bytes = await store.read(name);
  if (bytes) return readFeatures(bytes, name);
  const made = await make();
  if (made.of !== extractor.fingerprint) {
    fail("metrics/store", `features of extractor ${made.of} made, expected ${extractor.fingerprint}.`);
  }
  await store.write(name, writeFeatures(made));
  return made;
}

/** The same as {@link cachedFeatures} for mean and covariance, which are far smaller. */
export async function cachedStatistics(
  store: Store,
  real: RealImages,
  extractor: Pick<Extractor, "name" | "fingerprint">,
  make: () => Promise<FeatureStatistics>,
): Promise<FeatureStatistics> {
  const name = nameOf("statistics", real, extractor);
  const bytes = await store.read(name);
  if (bytes) return readStatistics(bytes, name);
  const made = await make();
  if (made.of !== extractor.fingerprint) {
    fail("metrics/store", `statistics of extractor ${made.of} made, expected ${extractor.fingerprint}.`);
  }
  await store.write(name, writeStatistics(made));
  return made;
}

function nameOf(kind: string, real: RealImages, extractor: Pick<Extractor, "name" | "fingerprint">): string {
  const key = fingerprint(
    kind,
    real.fingerprint,
    JSON.stringify(real.transform ?? null),
    extractor.fingerprint,
  );
  return `real-${kind}-${extractor.name}-${key}.safetensors`;
}

/** Statistics as a safetensors file, float64. */
export function writeStatistics({ count, dimension, mean, covariance, of }: FeatureStatistics): Uint8Array {
  return writeSafetensors(
    {
      mean: { dtype: "F64", shape: [dimension], data: mean },
      covariance: { dtype: "F64", shape: [dimension, dimension], data: covariance },
    },
    { count: String(count), of },
  );
}

/**
 * Reads what {@link writeStatistics} wrote, bit by bit.
 *
 * @throws DdpmError naming what is missing or of another kind
 */
export function readStatistics(bytes: Uint8Array, file = "the file"): FeatureStatistics {
  const { tensors, metadata } = readSafetensors(bytes, { file });
  const mean = doubles(tensors.mean, "mean", file);
  const covariance = doubles(tensors.covariance, "covariance", file);
  const { count, of } = metadata;
  const fits = covariance.length === mean.length ** 2 && Number(count) >= 1;
  if (!fits || of === undefined) fail("metrics/store", `${file} does not hold statistics of features.`);
  return { count: Number(count), dimension: mean.length, mean, covariance, of };
}

/** Features as a safetensors file, in the precision that they have. */
export function writeFeatures({ data, count, dimension, of }: Features): Uint8Array {
  const shape = [count, dimension];
  const tensor: SafeTensor =
    data instanceof Float32Array ? { dtype: "F32", shape, data } : { dtype: "F64", shape, data };
  return writeSafetensors({ features: tensor }, { of });
}

/**
 * Reads what {@link writeFeatures} wrote, bit by bit.
 *
 * @throws DdpmError naming what is missing or of another kind
 */
export function readFeatures(bytes: Uint8Array, file = "the file"): Features {
  const { tensors, metadata } = readSafetensors(bytes, { file });
  const tensor = tensors.features;
  if (tensor?.shape.length !== 2 || metadata.of === undefined) {
    fail("metrics/store", `${file} does not hold features [count, dimension].`);
  }
  const data = tensor.dtype === "F32" ? tensor.data : doubles(tensor, "features", file);
  return toFeatures(data, tensor.shape[1]!, metadata.of);
}

function doubles(tensor: SafeTensor | undefined, name: string, file: string): Float64Array {
  if (tensor?.dtype === "F64") return tensor.data;
  return fail("metrics/store", `${file} has no float64 tensor "${name}".`);
}
