import { sizeOf } from "@ddpm/core/authoring";
import { buildParts } from "@ddpm/runs";
import type { WeightsNetwork } from "../../../model/configuration/weights-network.ts";
import { failureOf } from "../../failure.ts";
import type { Job } from "../../job.ts";
import { configOf, problemsOf } from "./described-run.ts";
import { networkOf } from "./fit.ts";
import { headerOf } from "./header.ts";
import type { WeightsFile } from "./read-weights.ts";

export interface FitInput extends WeightsFile {
  readonly network: WeightsNetwork;
}

/** What does not fit; nothing where all does. */
export interface FitResult {
  readonly parameters: number;
  readonly misfits: readonly string[];
}

/** Compares a file with a network. */
export const fitWeights: Job<FitInput, FitResult> = async ({ name, file, network }) => {
  const header = await headerOf(file, name);
  try {
    const made = networkOf(network);
    buildParts(configOf(name, network, made));
    const parameters = made.denoiser.specs.reduce((sum, { shape }) => sum + sizeOf(shape), 0);
    return { parameters, misfits: problemsOf(header, network, made) };
  } catch (error) {
    const { message, hint } = failureOf(error);
    return { parameters: 0, misfits: [hint ? `${message} ${hint}` : message] };
  }
};
