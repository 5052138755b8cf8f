import { tinyAutoencoder } from "@ddpm/autoencoder";
import type { Plugin } from "@ddpm/core";
import { plugin } from "../plugin.ts";
import { diffusersFields, optionsOf } from "./fields.ts";
import type { ReferenceAutoencoder } from "./reference-autoencoder.ts";
import { type TinyLayout, tinyNames } from "./tiny-names.ts";

/** Autoencoders and state dicts of diffusers' AutoencoderTiny, from the fields of its `config.json`. */
export const tiny: Plugin<never, ReferenceAutoencoder> = plugin({
  name: "tiny",
  about: "AutoencoderTiny of Hugging Face diffusers.",
  source: "huggingface/diffusers src/diffusers/models/autoencoders/autoencoder_tiny.py",
  options: diffusersFields(tinyAutoencoder, {
    ours: ["stemChannels", "midBlockNorm"],
    ignored: ["block_out_channels"],
  }),
  create(config): ReferenceAutoencoder {
    const given = optionsOf(config, tinyAutoencoder);
    const layout = tinyAutoencoder.schema.parse(given) as unknown as TinyLayout;
    return { spec: { ...given, name: "tiny" }, names: tinyNames(layout, "layers.", 0), images: "[-1, 1]" };
  },
}) as Plugin<never, ReferenceAutoencoder>;
