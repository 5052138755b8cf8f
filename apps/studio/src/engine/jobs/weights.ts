import { fail, type Params, type Random } from "@ddpm/core";
import { families, importWeights } from "@ddpm/exchange";
import { buildParts, type RunConfig, runSchema, saveCheckpoint } from "@ddpm/runs";
import { writeRunConfig } from "@ddpm/runs/authoring";
import { disposeState, initialState } from "@ddpm/trainer";
import { readSafetensors } from "@ddpm/weights";
import { sidesOf } from "../../model/image-settings.ts";
import type { SaidNetwork } from "../../model/said-network.ts";
import { currentBackend } from "../backends/current.ts";
import { failureOf } from "../failure.ts";
import type { Job } from "../protocol.ts";
import { freeName, removeRun, runStorage } from "../store/runs.ts";
import { type Made, misfits, networkOf } from "../weights/fit.ts";
import { guessed } from "../weights/guess.ts";
import { headerOf, weightsIn } from "../weights/read.ts";

/** A file of weights, and what is said of its network. */
export interface WeightsFile {
  readonly name: string;
  readonly file: Blob;
}

export interface ReadInput extends WeightsFile {
  /** Texts of JSON files that were given with it. */
  readonly beside: readonly string[];
}

/** What a file is taken for. */
export interface ReadResult {
  readonly tensors: number;
  readonly parameters: number;
  readonly said: SaidNetwork;
  /** Other projects whose names and layouts are known. */
  readonly families: readonly string[];
}

export interface FitInput extends WeightsFile {
  readonly said: SaidNetwork;
}

/** What does not fit; nothing where all does. */
export interface FitResult {
  readonly parameters: number;
  readonly misfits: readonly string[];
}

/** Reads names and shapes, and finds the network as far as they and the metadata say it. */
export const readWeightsJob: Job<"weights.read"> = async ({ name, file, beside }) => {
  const header = await headerOf(file, name);
  return {
    tensors: header.shapes.size,
    parameters: weightsIn(header),
    said: guessed(header, beside),
    families: families.names,
  };
};

/** Holds a file against a network. */
export const fitWeightsJob: Job<"weights.fit"> = async ({ name, file, said }) => {
  const header = await headerOf(file, name);
  try {
    const made = networkOf(said);
    buildParts(configOf(name, said, made));
    const parameters = made.denoiser.specs.reduce(
      (sum, { shape }) => sum + shape.reduce((a, b) => a * b, 1),
      0,
    );
    return { parameters, misfits: [...sizeProblems(said, made), ...misfits(header, made, said.family)] };
  } catch (error) {
    const { message, hint } = failureOf(error);
    return { parameters: 0, misfits: [hint ? `${message} ${hint}` : message] };
  }
};

/** Makes a run of the file: it can be sampled from, handed out, and opened by the `ddpm` command. */
export const keepWeightsJob: Job<"weights.keep"> = async ({ name, file, said }) => {
  await currentBackend();
  const header = await headerOf(file, name);
  const made = networkOf(said);
  const wrong = [...sizeProblems(said, made), ...misfits(header, made, said.family)];
  if (wrong.length > 0) fail("weights", wrong[0]!);
  const { tensors } = readSafetensors(new Uint8Array(await file.arrayBuffer()), { file: name });
  const params = importWeights(made.denoiser, made.names, tensors);
  const run = await freeName(name.replace(/\.safetensors$/i, ""));
  const config = { ...configOf(name, said, made), name: run };
  const { optimizer, ema } = buildParts(config);
  const imported = { ...made.denoiser, init: (_random: Random): Params => params };
  const state = initialState({ denoiser: imported, optimizer, seed: 0, ...(ema ? { ema } : {}) });
  try {
    await writeRunConfig(runStorage(run), config);
    const shape = [...sidesOf(said.size), made.denoiser.channels];
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

function sizeProblems({ size }: SaidNetwork, { denoiser }: Made): string[] {
  const sides = sidesOf(size);
  const tied = denoiser.size?.join(" × ");
  if (tied !== undefined && tied !== sides.join(" × ")) return [`The network takes images of ${tied}.`];
  const odd = sides.find((side) => side % denoiser.multiple !== 0);
  return odd === undefined
    ? []
    : [`The side of its images, ${odd}, is no multiple of ${denoiser.multiple}, which the network wants.`];
}

function configOf(
  name: string,
  { schedule, parameterization, size, range = "symmetric" }: SaidNetwork,
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
