import { fail } from "@ddpm/core";
import { annotatedLater as network } from "@ddpm/unet";
import { type AnnotatedLaterOptions, channelsOf, positiveInteger } from "@ddpm/unet/authoring";
import { type Family, family } from "../family.ts";
import { channelCounts, outDim, withOutDim, withoutOutDim } from "../network/channel-counts.ts";
import { argumentsIn, camelCased, referenceOptions } from "../network/reference-options.ts";
import { renaming } from "../weights/names.ts";
import { twinSkipLayout, twinSkipRules } from "./twin-skips.ts";

const shared = referenceOptions(network, { ours: ["stemKernel", "multipliesKernels"], required: ["dim"] });
const options = {
  ...shared,
  init_dim: positiveInteger.nullish().describe("only what works as published: dim"),
};

/** Networks and state dicts of The Annotated Diffusion Model's later text. */
export const annotatedLater: Family = family({
  name: "annotated-later",
  about: "Unet of The Annotated Diffusion Model, later text.",
  source: "huggingface/blog annotated-diffusion.md, from October 2023",
  options,
  networks: {
    "annotated-later": {
      arguments: (given: Required<AnnotatedLaterOptions>) => ({
        ...argumentsIn(shared, given),
        init_dim: null,
        out_dim: outDim(given),
        channels: channelCounts(withoutOutDim(given)).taken,
      }),
      resolve: (given: Required<AnnotatedLaterOptions>) => withoutOutDim(given),
    },
  },
  create({ init_dim, ...given }) {
    const { outDim, ...named } = camelCased(given) as unknown as Required<AnnotatedLaterOptions>;
    const { dim, dimMults, channels, selfCondition } = named;
    if ((init_dim ?? dim) !== dim) {
      fail(
        "exchange/annotated-later",
        `init_dim is ${init_dim}, expected dim, ${dim}.`,
        "Its last block takes dim channels only.",
      );
    }
    return {
      spec: {
        name: "annotated-later",
        ...named,
        ...withOutDim(channelsOf(channels, outDim ?? channels, selfCondition)),
      },
      names: renaming(
        [
          [/\.attn\.norm\./, ".attn.fn.norm."],
          [/\.attn\.qkv\./, ".attn.fn.fn.to_qkv."],
          [/\.attn\.outNorm\./, ".attn.fn.fn.to_out.1."],
          [/^mid\.attn\.out\./, "mid.attn.fn.fn.to_out."],
          [/\.attn\.out\./, ".attn.fn.fn.to_out.0."],
          ...twinSkipRules(dimMults.length),
        ],
        twinSkipLayout,
      ),
    };
  },
});
