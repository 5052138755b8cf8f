import { type Registry, registry } from "@ddpm/core";
import { kl } from "./kl.ts";
import type { ReferenceAutoencoder } from "./reference-autoencoder.ts";
import { taesd } from "./taesd.ts";
import { tiny } from "./tiny.ts";
import { vq } from "./vq.ts";

/** Every family of reference code whose autoencoders can be read and written. */
export const autoencoderFamilies: Registry<ReferenceAutoencoder> = registry<ReferenceAutoencoder>(
  "exchange/autoencoder",
  "family of autoencoders",
  [kl, vq, tiny, taesd],
);
