import * as tf from "@tensorflow/tfjs-core";
import { INFERENCE, type Mode } from "../../../packages/core/src/index.ts";
import { scope } from "../../../packages/unet/src/authoring.ts";
import { batchNorm } from "../../../packages/unet/src/layers/norms/batch-norm.ts";
import { channelLayerNorm } from "../../../packages/unet/src/layers/norms/channel-layer-norm.ts";
import { groupNorm } from "../../../packages/unet/src/layers/norms/group-norm.ts";
import { rmsNorm } from "../../../packages/unet/src/layers/norms/rms-norm.ts";
import { numberOf } from "../declared.ts";
import { toOurs, toTorch } from "./layout.ts";
import { ANY, type Operation } from "./operation.ts";

/** Normalisations in PyTorch's layouts. */
export const norms: Readonly<Record<string, Operation>> = {
  group_norm: {
    args: { num_groups: ANY, eps: ANY },
    run:
      (args) =>
      ({ x, weight, bias }) => {
        const groups = numberOf(args, "num_groups", 1);
        const options = { channels: weight!.size, groups, eps: numberOf(args, "eps", 1e-5) };
        const params = { scale: weight!, shift: bias! };
        return toTorch(groupNorm(scope(), options)({ params, mode: INFERENCE }, toOurs(x!)));
      },
  },
  layer_norm: {
    args: { eps: ANY, normalized: "last axis" },
    run:
      (args) =>
      ({ x, weight, bias }) => {
        const channels = weight!.size;
        const layer = channelLayerNorm(scope(), { channels, eps: numberOf(args, "eps", 1e-5) });
        const rows = tf.reshape(x!, [-1, 1, 1, channels]) as tf.Tensor4D;
        const params = { scale: weight!, shift: bias! };
        return tf.reshape(layer({ params, mode: INFERENCE }, rows), x!.shape);
      },
  },
  "channel_rms_norm (lucidrains RMSNorm)": {
    args: { eps: 1e-12 },
    run:
      () =>
      ({ x, g }) => {
        const params = { scale: tf.reshape(g!, [-1]) };
        return toTorch(rmsNorm(scope(), g!.size)({ params, mode: INFERENCE }, toOurs(x!)));
      },
  },
  batch_norm: {
    args: { training: ANY, momentum: 0.1, eps: 1e-5, running_mean: ANY, running_var: ANY },
    run:
      ({ training, running_mean, running_var }) =>
      ({ x, weight, bias }, leave) => {
        const params = {
          scale: weight!,
          shift: bias!,
          mean: tf.tensor1d(running_mean as number[]),
          variance: tf.tensor1d(running_var as number[]),
          batches: tf.scalar(0),
        };
        const after: Record<string, tf.Tensor> = { mean: params.mean, variance: params.variance };
        const update = (name: string, value: tf.Tensor) => {
          after[name.replace(/^\./, "")] = value;
        };
        const mode: Mode = training === true ? { training: true, update } : INFERENCE;
        const normal = toTorch(batchNorm(scope(), weight!.size)({ params, mode }, toOurs(x!)));
        leave(after.mean!);
        leave(after.variance!);
        return normal;
      },
  },
};
