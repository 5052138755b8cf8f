import { families } from "@ddpm/exchange";
import type { WeightsNetwork } from "../../../model/configuration/weights-network.ts";
import type { Job } from "../../job.ts";
import { guessed } from "./guess.ts";
import { headerOf, weightsIn } from "./header.ts";

/** A safetensors file. */
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

/** Reads names and shapes, and finds the network as far as they and the metadata show it. */
export const readWeights: Job<ReadInput, ReadResult> = async ({ name, file, configs }) => {
  const header = await headerOf(file, name);
  return {
    tensors: header.shapes.size,
    parameters: weightsIn(header),
    network: guessed(header, configs),
    families: families.names,
  };
};
