import { fail } from "@ddpm/core";
import type { Numbers } from "../linear/row-products.ts";

/** Features of a set of images: one row of numbers per image. */
export interface Features {
  /** [N, D], row by row. */
  readonly data: Numbers;
  /** N */
  readonly count: number;
  /** D */
  readonly dimension: number;
  /** Fingerprint of the extractor; features of different extractors are never compared. */
  readonly of: string;
}

/**
 * Features from plain numbers.
 *
 * @param data      [N, D], row by row, finite
 * @param dimension D
 * @param of        fingerprint of the extractor
 * @throws DdpmError when the numbers do not fill whole rows, or one is not finite
 */
export function toFeatures(data: Numbers, dimension: number, of: string): Features {
  if (!(Number.isInteger(dimension) && dimension >= 1) || data.length % dimension !== 0) {
    fail("metrics/features", `${data.length} numbers given, expected whole rows of ${dimension}.`);
  }
  for (let i = 0; i < data.length; i++) {
    if (Number.isFinite(data[i]!)) continue;
    const row = Math.floor(i / dimension);
    fail("metrics/features", `row ${row} holds ${data[i]}, expected finite numbers.`, "Check that image.");
  }
  return { data, count: data.length / dimension, dimension, of };
}

/** The rows with these indices, in that order. */
export function rowsOf(all: Features, indices: ArrayLike<number>): Features {
  const { data, dimension, of } = all;
  const picked = data instanceof Float32Array ? Float32Array : Float64Array;
  const rows = new picked(indices.length * dimension);
  for (let i = 0; i < indices.length; i++) {
    const from = indices[i]! * dimension;
    rows.set(data.subarray(from, from + dimension), i * dimension);
  }
  return { data: rows, count: indices.length, dimension, of };
}

/** Something computed by one extractor. */
interface Extracted {
  readonly of: string;
  readonly dimension?: number;
}

/**
 * Refuses features or statistics of different extractors.
 *
 * @param where name of the calling function, for the error
 * @returns the fingerprint that they share
 * @throws DdpmError naming both extractors or both widths
 */
export function sameExtractor(where: string, a: Extracted, b: Extracted): string {
  if (a.of !== b.of) {
    fail(
      `metrics/${where}`,
      `one side is of the extractor ${a.of}, the other of ${b.of}.`,
      "Numbers of different extractors cannot be compared: extract both with the same one.",
    );
  }
  if (a.dimension !== b.dimension) {
    fail(
      `metrics/${where}`,
      `rows of ${a.dimension} and of ${b.dimension} numbers, expected the same width.`,
    );
  }
  return a.of;
}

/**
 * Refuses a set that is too small.
 *
 * @throws DdpmError with the number of rows given and needed
 */
export function expectRows(where: string, what: string, given: number, least: number): void {
  if (given >= least) return;
  fail(
    `metrics/${where}`,
    `${given} rows of ${what} given, expected at least ${least}.`,
    "Draw more images.",
  );
}
