import { vqAutoencoder } from "@ddpm/autoencoder";
import { option, type Plugin } from "@ddpm/core";
import { plugin } from "../plugin.ts";
import { diffusersFields, optionsOf } from "./fields.ts";
import { levelNames } from "./level-names.ts";
import type { ReferenceAutoencoder } from "./reference-autoencoder.ts";

/** Autoencoders and state dicts of diffusers' VQModel, from the fields of its `config.json`. */
export const vq: Plugin<never, ReferenceAutoencoder> = plugin({
  name: "vq",
  about: "VQModel of Hugging Face diffusers, as latent diffusion and Kandinsky have it.",
  source: "huggingface/diffusers src/diffusers/models/autoencoders/vq_model.py",
  options: {
    ...diffusersFields(vqAutoencoder, { ours: ["codebookDecay"] }),
    lookup_from_codebook: option
      .custom<boolean>("true or false", (value) => typeof value === "boolean")
      .optional()
      .describe("its decoder may be given indices; ours always has lookup"),
  },
  create(config): ReferenceAutoencoder {
    const given = optionsOf(config, vqAutoencoder);
    const { blockOutChannels } = vqAutoencoder.schema.parse(given) as { blockOutChannels: number[] };
    return { spec: { ...given, name: "vq" }, names: levelNames(blockOutChannels.length), images: "[-1, 1]" };
  },
}) as Plugin<never, ReferenceAutoencoder>;
