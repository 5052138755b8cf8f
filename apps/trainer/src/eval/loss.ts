import type { Params } from "@ddpm/core";
import { type HeldOutLoss, heldOut } from "@ddpm/trainer";
import { plainStreamOf } from "../data/open-images.ts";
import { largestDivisor } from "../run/largest-divisor.ts";
import type { Model } from "../run/open-model.ts";
import type { Reference } from "./reference.ts";

/** Pairs of image and noise at a time. */
const BATCH = 32;

/** The loss on images that the network never saw, by noise level; nothing where the run keeps none apart. */
export async function heldOutLoss(
  { config, parts, backend }: Model,
  params: Params,
  reference: Reference,
): Promise<HeldOutLoss | undefined> {
  if (!reference.heldOut || !config.heldOut || parts.condition) return undefined;
  const { pairs, buckets } = config.heldOut;
  const measure = heldOut({
    ...parts,
    images: plainStreamOf(reference.heldOut, config),
    count: pairs,
    batch: largestDivisor(pairs, BATCH),
    buckets,
    seed: config.seed,
    ...(backend.compile ? { compile: backend.compile } : {}),
  });
  try {
    return await measure(params);
  } finally {
    measure.dispose();
  }
}
