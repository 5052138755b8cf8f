import type { Params } from "@ddpm/core";
import type { ImageShape } from "@ddpm/core/authoring";
import { buildParts, loadWeights, type RunConfig, runSchema } from "@ddpm/runs";
import { type CheckpointMeta, classNamesIn, latestManifest, readRunConfig } from "@ddpm/runs/authoring";
import { float32, readSafetensors } from "@ddpm/weights";
import * as tf from "@tensorflow/tfjs-core";
import { sidesOf, sizeOf } from "../../model/configuration/image-settings.ts";
import { type ShippedModel, shippedModels } from "../../model/shipped/shipped.ts";
import { unpacked } from "../../model/shipped/unpack.ts";
import { runStorage } from "./runs.ts";

/** A model that comes with the page, or a run in it. */
export type ModelChoice = { readonly shipped: string } | { readonly run: string };

/** A model without its weights. */
export interface ModelFacts {
  readonly config: RunConfig;
  readonly shape: ImageShape;
  /** Names of its classes by label, where they are known. */
  readonly classNames?: readonly string[];
}

/** A trained network with its weights, the caller's to dispose. */
export interface OpenModel extends ModelFacts {
  readonly params: Params;
}

/**
 * What a model draws, without its weights.
 *
 * @throws when it is not there
 */
export async function factsOfModel(choice: ModelChoice): Promise<ModelFacts> {
  if ("shipped" in choice) return factsOf(shippedNamed(choice.shipped).config);
  const latest = await latestManifest(runStorage(choice.run));
  return factsOf(await readRunConfig(runStorage(choice.run)), latest?.meta);
}

/**
 * Opens a model that came with the page, or a run.
 *
 * @throws when it is not there, or its weights do not fit its network
 */
export async function openModel(choice: ModelChoice): Promise<OpenModel> {
  return "shipped" in choice ? openShipped(choice.shipped) : openRun(choice.run);
}

async function openRun(run: string): Promise<OpenModel> {
  const config = await readRunConfig(runStorage(run));
  const { params, meta } = await loadWeights(runStorage(run));
  return { ...factsOf(config, meta), params };
}

async function openShipped(name: string): Promise<OpenModel> {
  const model = shippedNamed(name);
  const response = await fetch(model.weights);
  if (!response.ok || !response.body)
    throw new Error(`The weights of ${name} could not be loaded (${response.status}).`);
  const facts = factsOf(model.config);
  const { tensors } = readSafetensors(await unpacked(response.body), { file: name });
  const params = Object.fromEntries(
    buildParts(facts.config).denoiser.specs.map((spec) => {
      const stored = tensors[spec.name];
      if (!stored) throw new Error(`The weights of ${name} lack ${spec.name}.`);
      return [spec.name, tf.tensor(float32(stored), [...spec.shape])];
    }),
  );
  return { ...facts, params };
}

function shippedNamed(name: string): ShippedModel {
  const model = shippedModels.find((one) => one.name === name);
  if (!model) throw new Error(`No model called ${name} comes with this page.`);
  return model;
}

/** What a checkpoint notes of its images; their shape [H, W, C] else that of the configuration and its network. */
function factsOf(given: unknown, meta: CheckpointMeta = {}): ModelFacts {
  const config = runSchema.parse(given);
  const { shape } = meta;
  const classNames = classNamesIn(meta);
  const names = classNames ? { classNames } : {};
  if (Array.isArray(shape) && shape.length === 3)
    return { config, shape: shape as unknown as ModelFacts["shape"], ...names };
  const [height, width] = sidesOf(sizeOf(config.data) ?? 32);
  const { channels } = buildParts(config).denoiser;
  return { config, shape: [height, width, channels], ...names };
}
