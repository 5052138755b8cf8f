import * as tf from "@tensorflow/tfjs-core";
import { upsampleNearest } from "../../../packages/unet/src/layers/resampling/upsample-nearest.ts";
import { numberOf } from "../declared.ts";
import { unsupported } from "../result.ts";
import { toOurs, toTorch } from "./layout.ts";
import { ANY, type Operation } from "./operation.ts";
import { resampling } from "./resampling.ts";

const pooling = (pool: typeof tf.avgPool): Operation => ({
  args: { kernel: ANY, stride: ANY, padding: 0 },
  run(args) {
    const kernel = numberOf(args, "kernel", 2);
    const stride = numberOf(args, "stride", kernel);
    return ({ x }) => toTorch(pool(toOurs(x!), kernel, stride, "valid"));
  },
});

/** Pooling, shuffling and resampling in PyTorch's layouts. */
export const shapes: Readonly<Record<string, Operation>> = {
  avg_pool2d: pooling(tf.avgPool),
  max_pool2d: pooling(tf.maxPool),
  pixel_unshuffle: {
    args: { factor: ANY },
    run:
      (args) =>
      ({ x }) => {
        const f = numberOf(args, "factor", 1);
        const [batch, channels, height, width] = x!.shape as [number, number, number, number];
        const cells = tf.reshape(x!, [batch, channels, height / f, f, width / f, f]);
        const moved = tf.transpose(cells, [0, 1, 3, 5, 2, 4]);
        return tf.reshape(moved, [batch, channels * f * f, height / f, width / f]);
      },
  },
  pixel_shuffle: {
    args: { factor: ANY },
    run:
      (args) =>
      ({ x }) => {
        const f = numberOf(args, "factor", 1);
        const [batch, channels, height, width] = x!.shape as [number, number, number, number];
        const cells = tf.reshape(x!, [batch, channels / (f * f), f, f, height, width]);
        const moved = tf.transpose(cells, [0, 1, 4, 2, 5, 3]);
        return tf.reshape(moved, [batch, channels / (f * f), height * f, width * f]);
      },
  },
  interpolate: {
    args: { mode: ANY, scale_factor: ANY, size: ANY, align_corners: ANY, antialias: ANY },
    run(args, inputs) {
      if (args.mode === "nearest" && args.scale_factor === 2 && args.size === undefined)
        return ({ x }) => toTorch(upsampleNearest(toOurs(x!)));
      return resampling(args, inputs) ?? unsupported(`interpolation ${String(args.mode)} has no counterpart`);
    },
  },
};
