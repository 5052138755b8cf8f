import { pointwise } from "@ddpm/weights/authoring";
import { renaming, type TensorNames, usualLayout } from "../weights/names.ts";

/**
 * Names and layouts of the encoder `pointnet` in state dicts of luost26's diffusion-point-cloud, for {@link importWeights} and
 * {@link exportWeights}.
 *
 * Source: luost26/diffusion-point-cloud models/encoders/pointnet.py, class PointNetEncoder.
 */
export const pointnetNames: TensorNames = renaming(
  [
    [/^mean\.dense(\d+)\./, "fc$1_m."],
    [/^mean\.norm(\d+)\./, "fc_bn$1_m."],
    [/^logVariance\.dense(\d+)\./, "fc$1_v."],
    [/^logVariance\.norm(\d+)\./, "fc_bn$1_v."],
    [/^norm(\d+)\./, "bn$1."],
    [/\.mean$/, ".running_mean"],
    [/\.variance$/, ".running_var"],
    [/\.batches$/, ".num_batches_tracked"],
  ],
  (ours) => (/^conv\d+\.kernel$/.test(ours.name) ? pointwise(1) : usualLayout(ours)),
);
