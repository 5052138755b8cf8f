import { type Registry, registry } from "@ddpm/core";
import type { Autoencoder } from "@ddpm/core/authoring";
import { klAutoencoder } from "./nets/kl.ts";
import { tinyAutoencoder } from "./nets/tiny/index.ts";
import { vqAutoencoder } from "./nets/vq.ts";

/** All autoencoders. */
export const autoencoders: Registry<Autoencoder> = registry<Autoencoder>(
  "autoencoder/autoencoders",
  "autoencoder",
  [klAutoencoder, vqAutoencoder, tinyAutoencoder],
);
