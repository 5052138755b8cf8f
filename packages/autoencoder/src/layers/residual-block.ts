import { type ActivationName, conv2d, type Scope } from "@ddpm/unet/authoring";
import * as tf from "@tensorflow/tfjs-core";
import { type Block, recomputableBlock } from "./block.ts";
import type { MakeNorm } from "./norms.ts";

/** Options of {@link residualBlock}. */
export interface ResidualBlockOptions {
  readonly in: number;
  readonly out: number;
  readonly norm: MakeNorm;
  /** After both norms. */
  readonly activation: ActivationName;
}

/**
 * Norm → activation → conv 3×3, twice, plus the input (by a 1×1 convolution where the channels differ): a block of a
 * U-Net without an embedding. Parameters `norm1`, `conv1`, `norm2`, `conv2`, `shortcut`.
 */
export function residualBlock(scope: Scope, options: ResidualBlockOptions): Block {
  const { in: channels, out, norm, activation } = options;
  return recomputableBlock(scope, () => {
    const norm1 = norm(scope.child("norm1"), channels, activation);
    const conv1 = conv2d(scope.child("conv1"), { in: channels, out });
    const norm2 = norm(scope.child("norm2"), out, activation);
    const conv2 = conv2d(scope.child("conv2"), { in: out, out });
    const shortcut =
      channels === out ? undefined : conv2d(scope.child("shortcut"), { in: channels, out, kernel: 1 });
    return (run, x, codes) => {
      const h = conv1(run, norm1(run, x, codes));
      const branch = conv2(run, norm2(run, h, codes));
      return tf.add(branch, shortcut ? shortcut(run, x) : x);
    };
  });
}
