import {
  attend,
  conv2d,
  type Layer,
  type Scope,
  splitHeads,
  toImages,
  toPixelRows,
} from "@ddpm/unet/authoring";
import * as tf from "@tensorflow/tfjs-core";
import { type Block, recomputableBlock } from "./block.ts";
import type { MakeNorm } from "./norms.ts";

/**
 * Norm, attention of every pixel to every pixel with one head, projection, plus the input: [B, H, W, C] in and out.
 * Parameters `norm`, and the 1×1 convolutions `q`, `k`, `v`, `out`.
 */
export function attentionBlock(scope: Scope, channels: number, makeNorm: MakeNorm): Block {
  return recomputableBlock(scope, () => {
    const norm = makeNorm(scope.child("norm"), channels);
    const project = (name: string): Layer<tf.Tensor4D> =>
      conv2d(scope.child(name), { in: channels, out: channels, kernel: 1 });
    const [q, k, v, out] = [project("q"), project("k"), project("v"), project("out")];
    return (run, x, codes) => {
      const normed = norm(run, x, codes);
      const rows = (layer: Layer<tf.Tensor4D>): tf.Tensor4D => splitHeads(toPixelRows(layer(run, normed)), 1);
      const mixed = attend({ q: rows(q), k: rows(k), v: rows(v) });
      return tf.add(x, out(run, toImages(mixed, x)));
    };
  });
}
