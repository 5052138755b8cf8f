import { type NanoOptions, positiveInteger } from "@ddpm/unet/authoring";
import { type Family, family } from "../family.ts";
import { channelCounts } from "../network/channel-counts.ts";
import { channelsLast } from "../weights/layouts.ts";
import { renaming, usualLayout } from "../weights/names.ts";

const options = {
  in_c: positiveInteger.default(1).describe("channels of the images"),
  out_c: positiveInteger.default(1).describe("channels of the output"),
  size: positiveInteger.multipleOf(8).default(32).describe("height and width"),
  n_steps: positiveInteger.default(1000).describe("rows of the embedding table"),
  time_emb_dim: positiveInteger.default(100).describe("columns of the embedding table"),
};

/** Network and state dict of the dataflowr course's "nano" notebook. */
export const dataflowrNano: Family = family({
  name: "dataflowr-nano",
  about: "MyTinyUNet of the dataflowr course, Module 18, nano.",
  source: "dataflowr/notebooks Module18/ddpm_nano_sol.ipynb",
  options,
  networks: {
    nano: {
      arguments: (given: Required<NanoOptions>) => ({
        in_c: given.channels,
        out_c: channelCounts(given).made,
        size: given.size,
        n_steps: given.nSteps,
        time_emb_dim: given.timeEmbDim,
      }),
      // The table is stored with the weights, so which sines are its first values does not matter.
      resolve: () => ({ table: undefined }),
    },
  },
  create: ({ in_c, out_c, size, n_steps, time_emb_dim }) => ({
    spec: {
      name: "nano",
      channels: in_c,
      ...(out_c === in_c ? {} : { outputs: out_c }),
      size,
      nSteps: n_steps,
      timeEmbDim: time_emb_dim,
    },
    names: renaming(
      [
        [/^time\.table$/, "time_embed.weight"],
        [/\.norm(\d)\./, ".$1.ln."],
        [/\.conv(\d)\./, ".$1.conv1."],
        [/\.time\.dense0\./, ".time.0."],
        [/\.time\.dense1\./, ".time.2."],
        [/^mid\.time\./, "te_mid."],
        [/^up0\.time\./, "te_out."],
        [/^down(\d)\.time\./, (level) => `te${Number(level) + 1}.`],
        [/^up(\d)\.time\./, (level) => `te${6 - Number(level)}.`],
        [/^mid\./, "b_mid."],
        [/^up0\./, "b_out."],
        [/^down(\d)\./, (level) => `b${Number(level) + 1}.`],
        [/^up(\d)\./, (level) => `b${6 - Number(level)}.`],
        [/^halve(\d)\./, (level) => `down${Number(level) + 1}.`],
        [/^double(\d)\./, (level) => `up${3 - Number(level)}.`],
        [/^out\./, "conv_out."],
      ],
      (ours) => (/\.norm\d\./.test(ours.name) ? channelsLast : usualLayout(ours)),
    ),
  }),
});
