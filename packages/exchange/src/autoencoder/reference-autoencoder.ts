import type { Spec } from "@ddpm/core";
import type { TensorNames } from "../weights/names.ts";

/** An autoencoder that a reference's arguments describe. */
export interface ReferenceAutoencoder {
  /** The same network from the registry of autoencoders. */
  readonly spec: Exclude<Spec, string>;
  /** Names and layouts of its tensors in the reference's files. */
  readonly names: TensorNames;
  /** The range of images in the reference's code; ours take [−1, 1]. */
  readonly images: "[-1, 1]" | "[0, 1]";
}
