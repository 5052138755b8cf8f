import { fail, type Params, type Random } from "@ddpm/core";
import { families, importWeights } from "@ddpm/exchange";
import { buildParts, type RunConfig, runSchema, saveCheckpoint } from "@ddpm/runs";
import { writeRunConfig } from "@ddpm/runs/authoring";
import { disposeState, initialState } from "@ddpm/trainer";
import { readSafetensors } from "@ddpm/weights";
import { sidesOf } from "../../model/image-settings.ts";
import type { WeightsNetwork } from "../../model/weights-network.ts";
import { currentBackend } from "../backends/current.ts";
import { failureOf } from "../failure.ts";
import type { Job } from "../protocol.ts";
import { freeName, removeRun, runStorage } from "../store/runs.ts";
import { type Made, misfits, networkOf } from "../weights/fit.ts";
import { guessed } from "../weights/guess.ts";
import { headerOf, weightsIn } from "../weights/read.ts";

/** A file of weights, and the description of its network. */
export interface WeightsFile {
  readonly name: string;
  readonly file: Blob;
}

export interface ReadInput extends WeightsFile {
  /** Texts of JSON files that were given with it. */
  readonly configs: readonly string[];
}

/** The network of a file, as far as it is known. */
export interface ReadResult {
  readonly tensors: number;
  readonly parameters: number;
  readonly network: WeightsNetwork;
  /** Other projects whose names and layouts are known. */
  readonly families: readonly string[];
}

export interface FitInput extends WeightsFile {
  readonly network: WeightsNetwork;
}

/** What does not fit; nothing where all does. */
export interface FitResult {
  readonly parameters: number;
  readonly misfits: readonly string[];
}

/** Reads names and shapes, and finds the network as far as they and the metadata show it. */
export const readWeightsJob: Job<"weights.read"> = async ({ name, file, configs }) => {
  const header = await headerOf(file, name);
  return {
    tensors: header.shapes.size,
    parameters: weightsIn(header),
    network: guessed(header, configs),
    families: families.names,
  };
};

/** Compares a file with a network. */
export const fitWeightsJob: Job<"weights.fit"> = async ({ name, file, network }) => {
  const header = await headerOf(file, name);
  try {
    const made = networkOf(network);
    buildParts(configOf(name, network, made));
    const parameters = made.denoiser.specs.reduce(
      (sum, { shape }) => sum + shape.reduce((a, b) => a * b, 1),
      0,
    );
    return {
      parameters,
      misfits: [...sizeProblems(network, made), ...misfits(header, made, network.family)],
    };
  } catch (error) {
    const { message, hint } = failureOf(error);
    return { parameters: 0, misfits: [hint ? `${message} ${hint}` : message] };
  }
};

/** Makes a run of the file: it can be sampled from, downloaded, and opened by the `ddpm` command. */
export const keepWeightsJob: Job<"weights.keep"> = async ({ name, file, network }) => {
  await currentBackend();
  const header = await headerOf(file, name);
  const made = networkOf(network);
  const wrong = [...sizeProblems(network, made), ...misfits(header, made, network.family)];
  if (wrong.length > 0) fail("weights", wrong[0]!);
  const { tensors } = readSafetensors(new Uint8Array(await file.arrayBuffer()), { file: name });
  const params = importWeights(made.denoiser, made.names, tensors);
  const run = await freeName(name.replace(/\.safetensors$/i, ""));
  const config = { ...configOf(name, network, made), name: run };
  const { optimizer, ema } = buildParts(config);
  const imported = { ...made.denoiser, init: (_random: Random): Params => params };
  const state = initialState({ denoiser: imported, optimizer, seed: 0, ...(ema ? { ema } : {}) });
  try {
    await writeRunConfig(runStorage(run), config);
    const shape = [...sidesOf(network.size), made.denoiser.channels];
    const images = Number(header.metadata.images) || 0;
    await saveCheckpoint(runStorage(run), { ...state, images }, { config, stream: "imported", shape });
    return run;
  } catch (error) {
    await removeRun(run);
    throw error;
  } finally {
    disposeState(state);
  }
};

function sizeProblems({ size }: WeightsNetwork, { denoiser }: Made): string[] {
  const sides = sidesOf(size);
  const tied = denoiser.size?.join(" × ");
  if (tied !== undefined && tied !== sides.join(" × ")) return [`The network takes images of ${tied}.`];
  const odd = sides.find((side) => side % denoiser.multiple !== 0);
  return odd === undefined
    ? []
    : [`The side of its images, ${odd}, is no multiple of ${denoiser.multiple}, which the network requires.`];
}

function configOf(
  name: string,
  { schedule, parameterization, size, range = "symmetric" }: WeightsNetwork,
  { spec }: Made,
): RunConfig {
  return runSchema.parse({
    name,
    about: `weights of ${name}`,
    data: { source: "imported", size, range },
    denoiser: spec,
    schedule,
    parameterization,
    train: { images: 1_000_000, batch: 32 },
    every: { log: 3200, samples: 50_000, checkpoint: 50_000 },
  });
}
