import * as tf from "@tensorflow/tfjs-core";
import type { KernelInit } from "../initialisers.ts";
import { edmGroups } from "../layers/blocks/edm-block.ts";
import { conv2d, padSides } from "../layers/linear/conv2d.ts";
import { groupNorm } from "../layers/norms/group-norm.ts";
import { filterDouble, filterHalf } from "../layers/resampling/filter-resample.ts";
import type { Layer, Run, Scope } from "../scope.ts";

/** Features and, next to them, the image or what has become of it. */
export interface Seen {
  readonly h: tf.Tensor4D;
  readonly picture: tf.Tensor4D;
}

/** Merges the picture into the features of a level that was just halved. */
type Again = (run: Run, seen: Seen) => Seen;

/**
 * How the levels of {@link song} see the image again: `skip` adds the smoothed, halved image by a 1×1 convolution;
 * `residual` runs a path of its own, a convolution and a halving of the last merged features.
 * Source: Song et al. 2021, appendix H.2, "progressive architectures"; NVlabs/edm SongUNet, `aux_…`.
 */
export function imageSeen({
  kind,
  channels,
  taps,
  init,
}: {
  readonly kind: "standard" | "skip" | "residual";
  readonly channels: number;
  readonly taps: readonly number[];
  readonly init: KernelInit;
}): { stem(root: Scope, width: number): Layer<tf.Tensor4D>; level(at: Scope, width: number): Again } {
  const half = filterHalf({ taps });
  const bare = filterHalf({ taps, valid: true });
  const beyond = taps.length / 2 - 1;
  let wide = channels;
  return {
    stem: (root, width) => conv2d(root.child("stem"), { in: channels, out: width, init }),
    level(at, width) {
      if (kind === "standard") return (_run, seen) => seen;
      if (kind === "skip") {
        const merge = conv2d(at.child("picture"), { in: channels, out: width, kernel: 1, init });
        return (run, seen) => {
          const picture = half(seen.picture);
          return { h: tf.add(seen.h, merge(run, picture)), picture };
        };
      }
      const merge = conv2d(at.child("picture"), { in: wide, out: width, init });
      wide = width;
      return (run, { h, picture }) => {
        // The convolution also sees what is beyond the border, where the filter reaches.
        const path = bare(merge(run, beyond === 0 ? picture : padSides(picture, beyond)));
        const sum: tf.Tensor4D = tf.div(tf.add(h, path), Math.SQRT2);
        return { h: sum, picture: sum };
      };
    },
  };
}

/**
 * How the levels of {@link song} make the output: at the finest level, or, for `skip`, a part at each, the sum so far
 * being doubled from level to level.
 */
export function imageOut({
  kind,
  channels,
  taps,
  lastInit,
}: {
  readonly kind: "standard" | "skip";
  readonly channels: number;
  readonly taps: readonly number[];
  readonly lastInit: KernelInit;
}): (
  at: Scope,
  width: number,
  finest: boolean,
) => (run: Run, h: tf.Tensor4D, image: tf.Tensor4D | undefined) => tf.Tensor4D | undefined {
  const twice = filterDouble({ taps });
  return (at, width, finest) => {
    if (kind === "standard" && !finest) return (_run, _h, image) => image;
    const norm = groupNorm(at.child("out").child("norm"), {
      channels: width,
      groups: edmGroups(width),
      eps: 1e-6,
      activation: "silu",
    });
    const conv = conv2d(at.child("out").child("conv"), { in: width, out: channels, init: lastInit });
    return (run, h, image) => {
      const part = conv(run, norm(run, h));
      const sum: tf.Tensor4D = image ? tf.add(part, twice(image)) : part;
      return sum;
    };
  };
}
