import type { Params } from "@ddpm/core";
import { float32, readSafetensors } from "@ddpm/weights";
import * as tf from "@tensorflow/tfjs-core";
import { buildRun } from "../../model/build-run.ts";
import { type RunConfig, runConfigSchema } from "../../model/run-config.ts";
import { shippedModels } from "../../model/shipped.ts";
import type { ModelChoice } from "../jobs/sample.ts";
import { loadWeights } from "./checkpoint.ts";
import { readConfig } from "./runs.ts";

/** A trained network with its weights, the caller's to dispose. */
export interface OpenModel {
  readonly config: RunConfig;
  readonly params: Params;
  readonly shape: readonly [height: number, width: number, channels: number];
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
  const config = await readConfig(run);
  const { params, meta } = await loadWeights(run);
  return { config, params, shape: shapeOf(meta.shape, config) };
}

async function openShipped(name: string): Promise<OpenModel> {
  const model = shippedModels.find((one) => one.name === name);
  if (!model) throw new Error(`No model called ${name} comes with this page.`);
  const response = await fetch(model.weights);
  if (!response.ok) throw new Error(`The weights of ${name} could not be loaded (${response.status}).`);
  const config = runConfigSchema.parse(model.config);
  const { tensors } = readSafetensors(new Uint8Array(await response.arrayBuffer()), { file: name });
  const params = Object.fromEntries(
    buildRun(config).denoiser.specs.map((spec) => {
      const stored = tensors[spec.name];
      if (!stored) throw new Error(`The weights of ${name} lack ${spec.name}.`);
      return [spec.name, tf.tensor(float32(stored), [...spec.shape])];
    }),
  );
  return { config, params, shape: shapeOf(undefined, config) };
}

/** [H, W, C] as a checkpoint notes it, else as the configuration says. */
function shapeOf(noted: unknown, { data, denoiser }: RunConfig): OpenModel["shape"] {
  if (Array.isArray(noted) && noted.length === 3) return noted as unknown as OpenModel["shape"];
  const size = data.size ?? 32;
  const channels =
    typeof denoiser === "object" && typeof denoiser.channels === "number" ? denoiser.channels : 3;
  return [size, size, channels];
}
