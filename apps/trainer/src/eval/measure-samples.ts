import type { Dataset, Images } from "@ddpm/core";
import { type Extractor, type Measurement, type Metric, measure } from "@ddpm/metrics";
import {
  type HeldOutNetwork,
  type HeldOutObjective,
  imagesOfSubset,
  type MetricInput,
  type MetricInputs,
  needsOf,
} from "@ddpm/metrics/authoring";
import { plainStreamOf } from "@ddpm/runs/node/authoring";
import type { Model } from "../drawing/open-model.ts";
import type { Reporter } from "../output/reporter.ts";
import { heldOutObjective } from "../run/held-out-objective.ts";
import { type Copies, searchCopies } from "./copies.ts";
import { percentOf } from "./extractor.ts";
import { heldOutNetwork } from "./held-out-network.ts";
import {
  featuresOfImages,
  type GeneratedInputs,
  generatedInputs,
  pairedInputs,
  realInputs,
} from "./inputs.ts";
import { featuresOf, type Reference } from "./reference.ts";
import type { SampleSet } from "./samples/samples.ts";

/** Fewest held-out images for the search for copies. */
const LEAST = 8;

/** What samples are measured with. */
export interface Measuring {
  readonly metrics: readonly Metric[];
  readonly model: Model;
  readonly reference: Reference;
  readonly extractor: Extractor;
  readonly seed: number;
  /** Folder of cached features. */
  readonly cache: string;
}

/** Samples and what was measured. */
export interface Measured extends Omit<Measurement, "skipped"> {
  /** [count, H, W, C] in [-1, 1]. */
  readonly images: Images;
  /** The search for training images, where they are there. */
  readonly copies: Copies | undefined;
}

/** Computes the metrics on samples of one network. */
export async function measureSamples(
  samples: SampleSet,
  measuring: Measuring,
  reporter: Reporter,
): Promise<Measured> {
  const { metrics, model, reference, extractor, seed, cache } = measuring;
  const needs = needsOf(metrics);
  const onProgress = percentOf(reporter, "the real features");
  const real = await realInputs(reference, extractor, needs, cache, onProgress);
  const generated = await generatedInputs(samples, extractor);
  const copies = needs.has("memorisation") ? await copiesIn(generated, measuring, onProgress) : undefined;
  reporter.close();
  const memorisation = copies?.features.tested;
  const unseen = needs.has("heldOut") ? reference.heldOut : undefined;
  const heldOut = unseen && (await networkOn(unseen, model, seed));
  const { estimates, contributions, notes, skipped } = await measure(metrics, {
    ...pairedInputs(real, generated),
    ...(memorisation ? { memorisation } : {}),
    ...(heldOut ? { heldOut } : {}),
    ...(needs.has("attributes") ? attributesOf(samples, reference) : {}),
  });
  const missing = skipped.map(
    ({ missing: inputs, labels }) => `Not measured ${inWords(inputs)}: ${labels.join("; ")}.`,
  );
  return { estimates, contributions, notes: [...notes, ...missing], images: generated.images, copies };
}

/** What samples show of their captions, where the images' captions can be checked. */
export function attributesOf(
  { bytes, captions, shape }: SampleSet,
  { real, training }: Pick<Reference, "real" | "training">,
): Pick<Partial<MetricInputs>, "attributes"> {
  const set = training ?? real;
  if (!captions || !set.shownAttributes) return {};
  const size = bytes.length / shape[0];
  const pixelsOf = (k: number): Uint8Array => bytes.subarray(k * size, (k + 1) * size);
  return { attributes: captions.map((caption, k) => set.shownAttributes!(caption, pixelsOf(k))) };
}

async function networkOn(dataset: Dataset, model: Model, seed: number): Promise<HeldOutNetwork> {
  const { params } = model.drawing(0, 1);
  const objective = async (): Promise<HeldOutObjective> => {
    const measured = heldOutObjective(model, plainStreamOf(dataset, model.config));
    const found = await measured(params);
    measured.dispose();
    return found;
  };
  return heldOutNetwork(model, params, { dataset, objective }, seed);
}

async function copiesIn(
  generated: GeneratedInputs,
  { reference, extractor, cache }: Measuring,
  onProgress: (share: number) => void,
): Promise<Copies | undefined> {
  const { training, heldOut } = reference;
  if (!training) return undefined;
  const features = await featuresOf(training, extractor, cache, onProgress);
  const unseen = heldOut && (await imagesOfSubset(heldOut, Math.max(LEAST, generated.images.shape[0])));
  return searchCopies(
    generated,
    { set: training, features },
    unseen && { images: unseen, features: await featuresOfImages(unseen, extractor) },
  );
}

/** Inputs that are missing, and how to give them. */
const without: Readonly<Record<MetricInput, string>> = {
  features: "without features of images",
  logits: "without class logits, which this extractor does not give",
  pixels: "without images",
  memorisation: "without training images and held-out images (--held-out)",
  heldOut: "without images that the network has not seen (--held-out)",
  attributes: "without captions that can be checked",
};

function inWords(inputs: readonly MetricInput[]): string {
  return inputs.map((input) => without[input]).join(", ");
}
