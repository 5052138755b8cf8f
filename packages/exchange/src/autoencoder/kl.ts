import { klAutoencoder } from "@ddpm/autoencoder";
import type { Plugin } from "@ddpm/core";
import { plugin } from "../plugin.ts";
import { diffusersFields, optionsOf } from "./fields.ts";
import { levelNames } from "./level-names.ts";
import type { ReferenceAutoencoder } from "./reference-autoencoder.ts";

/** Autoencoders and state dicts of diffusers' AutoencoderKL, from the fields of its `config.json`. */
export const kl: Plugin<never, ReferenceAutoencoder> = plugin({
  name: "kl",
  about: "AutoencoderKL of Hugging Face diffusers, as Stable Diffusion has it.",
  source: "huggingface/diffusers src/diffusers/models/autoencoders/autoencoder_kl.py",
  options: diffusersFields(klAutoencoder, {}),
  create(config): ReferenceAutoencoder {
    const given = optionsOf(config, klAutoencoder);
    const { blockOutChannels } = klAutoencoder.schema.parse(given) as { blockOutChannels: number[] };
    return { spec: { ...given, name: "kl" }, names: levelNames(blockOutChannels.length), images: "[-1, 1]" };
  },
}) as Plugin<never, ReferenceAutoencoder>;
