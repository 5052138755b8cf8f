import { existsSync } from "node:fs";
import { join } from "node:path";
import { autoencoders } from "@ddpm/autoencoder";
import { fail, type Params } from "@ddpm/core";
import { autoencoderFamilies } from "@ddpm/exchange";
import { readWeights } from "@ddpm/exchange/node";
import { loadWeights } from "@ddpm/runs";
import { type AnySpec, isRun, readRunConfig } from "@ddpm/runs/authoring";
import { fsStorage } from "@ddpm/runs/node";
import { readSettings } from "../../config/json-text.ts";

/** An autoencoder's network and weights. */
export interface OpenedAutoencoder {
  readonly network: AnySpec;
  /** The caller's to dispose. */
  readonly params: Params;
}

/** The families of diffusers' autoencoders, by the class that a configuration names. */
const families: ReadonlyMap<unknown, string> = new Map([
  ["AutoencoderKL", "kl"],
  ["VQModel", "vq"],
  ["AutoencoderTiny", "tiny"],
]);

/**
 * Reads an autoencoder: that of a run of `ddpm train autoencoder`, its averaged weights, or a folder of diffusers with
 * `config.json` and safetensors, also that of a pipeline with a folder `vae`.
 *
 * @throws DdpmError for a folder that is neither, and weights that are missing or of another network
 */
export async function openAutoencoder(path: string): Promise<OpenedAutoencoder> {
  const run = fsStorage(path);
  const [own, below] = [path, join(path, "vae")].map((folder) => join(folder, "config.json"));
  if (existsSync(below!)) return openFolder(join(path, "vae"));
  if (!existsSync(own!)) {
    fail(
      "cli/open-autoencoder",
      `${path} has no config.json.`,
      "Give the folder of a run of `ddpm train autoencoder`, or of an autoencoder of diffusers.",
    );
  }
  const settings = (await readSettings(own!, "cli/open-autoencoder")) as Readonly<Record<string, unknown>>;
  if ("_class_name" in settings) return openFolder(path);
  if (!(await isRun(run))) fail("cli/open-autoencoder", `${path} is no run.`);
  const config = await readRunConfig(run);
  if (!config.autoencoder) {
    fail(
      "cli/open-autoencoder",
      `${path} is the run of a denoiser, expected that of an autoencoder.`,
      "Train one: `ddpm train autoencoder`.",
    );
  }
  const { params } = await loadWeights(run);
  return { network: config.autoencoder.network, params };
}

async function openFolder(folder: string): Promise<OpenedAutoencoder> {
  const path = join(folder, "config.json");
  const { _class_name: model, ...config } = (await readSettings(path, "cli/open-autoencoder")) as Readonly<
    Record<string, unknown>
  >;
  const family =
    families.get(model) ??
    fail(
      "cli/open-autoencoder",
      `${path} is of a ${String(model)}, expected one of ${[...families.keys()].join(", ")}.`,
    );
  const { spec, names } = autoencoderFamilies.create({ ...config, name: family });
  const network = autoencoders.create(spec);
  const params = await readWeights(join(folder, "diffusion_pytorch_model.safetensors"), network, names);
  return { network: spec, params };
}
