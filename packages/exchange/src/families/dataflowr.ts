import { type DataflowrOptions, positiveInteger } from "@ddpm/unet/authoring";
import { type Family, family } from "../family.ts";
import { renaming } from "../weights/names.ts";

const options = {
  in_channels: positiveInteger.default(1).describe("channels of the images"),
  n_steps: positiveInteger.default(1000).describe("rows of the embedding table"),
  time_emb_dim: positiveInteger.default(100).describe("columns of the embedding table"),
  base_width: positiveInteger.default(64).describe("channels of the finest level; 64 as published"),
};

/** Network and state dict of the dataflowr course's "micro" notebook (document 001). */
export const dataflowr: Family = family({
  name: "dataflowr",
  about: "UNet of the dataflowr course, Module 18, micro.",
  source: "dataflowr/notebooks Module18/ddpm_micro_sol.ipynb",
  options,
  networks: {
    dataflowr: {
      arguments: (given: Required<DataflowrOptions>) => ({
        in_channels: given.channels,
        n_steps: given.nSteps,
        time_emb_dim: given.timeEmbDim,
        base_width: given.width,
      }),
      // The table is stored with the weights, so which sines are its first values does not matter.
      resolve: () => ({ table: undefined }),
    },
  },
  create: ({ in_channels, n_steps, time_emb_dim, base_width }) => ({
    spec: {
      name: "dataflowr",
      channels: in_channels,
      width: base_width,
      nSteps: n_steps,
      timeEmbDim: time_emb_dim,
    },
    names: renaming([
      [/^time\.table$/, "time_embed.weight"],
      [/\.mean$/, ".running_mean"],
      [/\.variance$/, ".running_var"],
      [/\.batches$/, ".num_batches_tracked"],
      [/\.conv1\./, ".conv.0."],
      [/\.norm1\./, ".conv.1."],
      [/\.conv2\./, ".conv.3."],
      [/\.norm2\./, ".conv.4."],
      [/\.dense0\./, ".0."],
      [/\.dense1\./, ".2."],
      [/^down\.(\d)\.time\./, (level) => `te${Number(level) + 1}.`],
      [/^up\.(\d)\.time\./, (level) => `te${4 - Number(level)}_up.`],
      [/^down\.0\./, "conv1."],
      [/^down\.(\d)\./, "down$1.conv."],
      [/^up\.(\d)\.up\./, (level) => `up${4 - Number(level)}.up.up_scale.`],
      [/^up\.(\d)\./, (level) => `up${4 - Number(level)}.conv.`],
      [/^out\./, "last_conv."],
    ]),
  }),
});
