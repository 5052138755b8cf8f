import { fail, type Params, type Random } from "@ddpm/core";
import { importWeights as importTensors } from "@ddpm/exchange";
import { buildParts, saveCheckpoint } from "@ddpm/runs";
import { writeRunConfig } from "@ddpm/runs/authoring";
import { disposeState, initialState } from "@ddpm/trainer";
import { readSafetensors } from "@ddpm/weights";
import { sidesOf } from "../../../model/configuration/image-settings.ts";
import { currentBackend } from "../../backends/current.ts";
import type { Job } from "../../job.ts";
import { deleteRun, freeName, runStorage } from "../../store/runs.ts";
import { configOf, problemsOf } from "./described-run.ts";
import { networkOf } from "./fit.ts";
import type { FitInput } from "./fit-weights.ts";
import { headerOf } from "./header.ts";

/** Makes a run of the file, and gives its name: it can be sampled from, downloaded, and opened by the `ddpm` command. */
export const importWeights: Job<FitInput, string> = async ({ name, file, network }) => {
  await currentBackend();
  const header = await headerOf(file, name);
  const made = networkOf(network);
  const [problem] = problemsOf(header, network, made);
  if (problem !== undefined) fail("studio/import-weights", problem);
  const { tensors } = readSafetensors(new Uint8Array(await file.arrayBuffer()), { file: name });
  const params = importTensors(made.denoiser, made.names, tensors);
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
    await deleteRun(run);
    throw error;
  } finally {
    disposeState(state);
  }
};
