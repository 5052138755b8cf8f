import type { Images } from "@ddpm/core";
import type { HeldOutSet } from "../prepare.ts";

/** Images that observers use in addition to the training. */
export interface ObservedImages {
  /** Some training images, [N, H, W, C]: to compare samples with. */
  readonly training: Images;
  readonly heldOut?: HeldOutSet | undefined;
}
