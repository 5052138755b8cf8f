import { join } from "node:path";
import { families, readScheduler } from "@ddpm/exchange";
import { familySpec } from "@ddpm/exchange/authoring";
import { readFolder, readWeights } from "@ddpm/exchange/node";
import { denoisers } from "@ddpm/unet";
import { type Model, model, type TrainedModel } from "../model.ts";

type Json = Readonly<Record<string, unknown>>;

/**
 * Loads a model from a folder of diffusers: an unconditional pipeline, or a UNet2DModel alone, with safetensors.
 *
 * @param parts schedule and parameterization, where the folder has no scheduler; default: those of the DDPM paper
 * @throws DdpmError for a file that is missing or damaged, and for a network or scheduler without a counterpart here
 */
export async function loadDiffusers(
  folder: string,
  parts: Partial<Pick<Model, "schedule" | "parameterization">> = {},
): Promise<TrainedModel> {
  const { layout, weights, texts } = await readFolder(folder);
  const config: Json = JSON.parse(texts[layout.config]!);
  const { spec, names } = families.create(familySpec("diffusers", config));
  const denoiser = denoisers.create(spec);
  const scheduler = texts[layout.scheduler];
  const read = scheduler
    ? readScheduler(JSON.parse(scheduler), join(folder, layout.scheduler))
    : { schedule: "linear", parameterization: "eps" };
  const { schedule, parameterization } = read;
  const params = await readWeights(weights, denoiser, names);
  const [height, width = height] = [config.sample_size ?? 32].flat() as [number, number?];
  return {
    ...model({ denoiser, schedule, parameterization, ...parts }),
    params,
    shape: [height, width!, denoiser.channels],
  };
}
