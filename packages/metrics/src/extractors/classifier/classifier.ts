import { type Dataset, disposeParams, expectShape, fail, type Params, type Plugin, random } from "@ddpm/core";
import { fingerprint } from "@ddpm/core/authoring";
import { fromTensors, readSafetensors, toTensors, writeSafetensors } from "@ddpm/weights";
import * as tf from "@tensorflow/tfjs-core";
import * as z from "zod";
import { batchesOf } from "../../images/batches.ts";
import { quantise } from "../../images/quantise.ts";
import { plugin } from "../../plugin.ts";
import { type ExtractorRecipe, type ExtractorSources, needed } from "../extractor.ts";
import { type ClassifierShape, classify, initClassifier } from "./network.ts";
import { standard, standardOf } from "./standard.ts";
import { trainClassifier } from "./train.ts";

/** Options of {@link classifierExtractor}. */
export interface ClassifierExtractorOptions {
  /** Numbers per image; 64. */
  readonly features?: number | undefined;
  /** Channels of the first layer; 24. */
  readonly width?: number | undefined;
  /** Images seen while learning; 120,000. */
  readonly images?: number | undefined;
  /** Images per update; 64. */
  readonly batch?: number | undefined;
  /** Adam's rate at its highest; 0.002. */
  readonly rate?: number | undefined;
  /** Farthest that images are moved while learning, as a share of their sides; 1/28. */
  readonly shift?: number | undefined;
  /** Initial weights and order; 0. */
  readonly seed?: number | undefined;
}

/** Images that are kept from training, at most: every tenth image, to know how good the classifier is. */
const HELD_OUT = 2000;
/** Images that the features are standardised over, at most. */
const STANDARD = 10_000;

type Settings = { readonly [Name in keyof ClassifierExtractorOptions]-?: number };

/**
 * The features of a small classifier that learns the data set's own classes: as cheap as honest features get. They are
 * standardised over images that it learned from, so that measures made of them are of the order of 1.
 */
export const classifierExtractor: Plugin<ClassifierExtractorOptions, ExtractorRecipe> = plugin({
  name: "classifier",
  about: "A small network trained on the data set's own classes, once, and cached.",
  source: "Heusel et al. 2017, with another network",
  options: {
    features: z.number().int().min(2).max(4096).default(64).describe("numbers per image"),
    width: z.number().int().min(1).max(256).default(24).describe("channels of the first layer"),
    images: z.number().int().min(1).default(120_000).describe("images seen while learning"),
    batch: z.number().int().min(1).default(64).describe("images per update"),
    rate: z.number().gt(0).default(0.002).describe("Adam's rate at its highest"),
    shift: z
      .number()
      .min(0)
      .max(0.5)
      .default(1 / 28)
      .describe("farthest move, as a share of the sides"),
    seed: z.number().int().min(0).default(0).describe("initial weights and order"),
  },
  create: (settings) => ({
    name: "classifier",
    async prepare(sources) {
      const dataset = needed(
        "classifier",
        sources,
        "dataset",
        "Pass the images that the model learned from.",
      );
      const key = fingerprint("classifier-2", dataset.fingerprint, JSON.stringify(settings));
      const name = `classifier-${key}.safetensors`;
      const kept = await sources.store?.read(name);
      const bytes = kept ?? (await trained(settings, dataset, sources));
      if (!kept) await sources.store?.write(name, bytes);
      const { tensors, metadata } = readSafetensors(bytes, { file: name });
      const params = toTensors(tensors);
      return {
        name: "classifier",
        fingerprint: fingerprint("classifier", bytes),
        dimension: settings.features,
        facts: { heldOutAccuracy: Number(metadata.heldOutAccuracy) },
        extract: async ({ data, shape }) => {
          expectShape("metrics/classifier", "the batch", shape, [-1, ...dataset.shape]);
          return extracted(params, quantise(data), shape);
        },
        dispose: () => disposeParams(params),
      };
    },
  }),
});

async function extracted(
  params: Params,
  data: Float32Array,
  shape: readonly [number, number, number, number],
): Promise<{ features: Float32Array; logits: Float32Array }> {
  const result = tf.tidy(() => {
    const { features, logits } = classify(params, tf.tensor4d(data, [...shape]));
    const { mean, deviation } = standardOf(params);
    return { features: tf.div(tf.sub(features, mean), deviation), logits };
  });
  const [features, logits] = await Promise.all([
    result.features.data<"float32">(),
    result.logits.data<"float32">(),
  ]);
  tf.dispose(result);
  return { features, logits };
}

/** Trains and measures; the file says how well it does on images it never saw. */
async function trained(
  { features, width, images, batch, rate, shift, seed }: Settings,
  dataset: Dataset,
  { compile, onProgress, signal }: ExtractorSources,
): Promise<Uint8Array> {
  const shape: ClassifierShape = { images: dataset.shape, classes: classesOf(dataset), width, features };
  const stream = random(seed).fork("metrics/classifier");
  const order = stream.fork("split").permutation(dataset.length);
  const held = order.subarray(0, Math.min(HELD_OUT, Math.floor(dataset.length / 10)));
  const indices = order.subarray(held.length);
  if (held.length < 1 || indices.length < batch) {
    fail(
      "metrics/classifier",
      `${dataset.length} images are too few for updates of ${batch} and a held-out tenth.`,
    );
  }
  const plan = { indices, images, batch, rate, shift, random: stream.fork("order") };
  const learned = await trainClassifier(initClassifier(shape, stream.fork("init")), dataset, {
    ...plan,
    ...{ compile, onProgress, signal },
  });
  const params = { ...learned, ...(await standard(learned, dataset, indices.subarray(0, STANDARD))) };
  const heldOutAccuracy = await accuracyOn(params, dataset, held);
  const tensors = await fromTensors(params);
  disposeParams(params);
  return writeSafetensors(tensors, { heldOutAccuracy: String(heldOutAccuracy) });
}

/** @throws DdpmError for a data set without classes */
function classesOf({ name, classes, labels }: Dataset): number {
  const count =
    classes?.length ?? (labels ? Array.from(labels).reduce((most, l) => Math.max(most, l + 1), 0) : 0);
  if (count >= 2) return count;
  const hint = "Use inception-v3, or random, which needs no classes.";
  return fail("metrics/classifier", `${name} has ${count} classes, expected at least 2.`, hint);
}

async function accuracyOn(params: Params, dataset: Dataset, indices: Uint32Array): Promise<number> {
  let right = 0;
  for await (const { data, shape, labels } of batchesOf(dataset, { indices })) {
    const { logits } = await extracted(params, quantise(data), shape);
    const classes = logits.length / shape[0];
    for (let i = 0; i < shape[0]; i++) {
      const row = logits.subarray(i * classes, (i + 1) * classes);
      if (row.indexOf(Math.max(...row)) === labels![i]) right++;
    }
  }
  return right / indices.length;
}
