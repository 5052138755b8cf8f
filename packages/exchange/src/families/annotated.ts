import { annotated as network } from "@ddpm/unet";
import { type AnnotatedOptions, channelsOf } from "@ddpm/unet/authoring";
import { type Family, family } from "../family.ts";
import { channelCounts, outDim, withOutDim, withoutOutDim } from "../network/channel-counts.ts";
import { argumentsIn, camelCased, referenceOptions, stated } from "../network/reference-options.ts";
import { column } from "../weights/layouts.ts";
import { type Rules, renaming } from "../weights/names.ts";

type Annotated = Required<AnnotatedOptions>;

const options = referenceOptions(network, { ours: ["selfCondition", "unusedSkip"], required: ["dim"] });
const source = "huggingface/notebooks examples/annotated_diffusion.ipynb, class Unet";

/** Networks and state dicts of the annotated-diffusion notebook, and of the 2022 text with `norm: "layer"`. */
export const annotated: Family = family({
  name: "annotated",
  about: "Unet of The Annotated Diffusion Model, first version.",
  source,
  options,
  networks: {
    annotated: {
      arguments: (given: Annotated) => ({
        ...argumentsIn(options, given),
        out_dim: outDim(given),
        channels: channelCounts(withoutOutDim(given)).taken,
      }),
      resolve: (given: Annotated) => ({
        ...withoutOutDim(given),
        initDim: given.initDim ?? Math.floor(given.dim / 3) * 2,
        ...(given.useConvnext ? { resnetBlockGroups: undefined } : { convnextMult: undefined }),
      }),
    },
  },
  create(given) {
    const { outDim, ...named } = camelCased(stated(given)) as unknown as Annotated;
    const { channels, dimMults, useConvnext, norm } = named;
    const rename = renaming(rules(dimMults.length, useConvnext));
    return {
      spec: { name: "annotated", ...named, ...withOutDim(channelsOf(channels, outDim ?? channels)) },
      names(ours) {
        const theirs = rename(ours);
        if (norm === "group" || !/\.(scale|shift)$/.test(ours.name) || isGroupNorm(ours.name)) {
          return theirs;
        }
        const leaf = ours.name.endsWith(".scale") ? "g" : "b";
        return { name: theirs.name.replace(/\.\w+$/, `.${leaf}`), layout: column };
      },
    };
    function isGroupNorm(name: string): boolean {
      return !useConvnext && /\.norm[12]\./.test(name);
    }
  },
});

function rules(levels: number, useConvnext: boolean): Rules {
  const parts: Rules = useConvnext
    ? [
        [/\.conv0\./, ".ds_conv."],
        [/\.norm1\./, ".net.0."],
        [/\.conv1\./, ".net.1."],
        [/\.norm2\./, ".net.3."],
        [/\.conv2\./, ".net.4."],
      ]
    : [[/\.(conv|norm)([12])\./, (kind, index) => `.block${index}.${kind === "conv" ? "proj" : "norm"}.`]];
  return [
    ...parts,
    [/^stem\./, "init_conv."],
    [/^time\.dense0\./, "time_mlp.1."],
    [/^time\.dense1\./, "time_mlp.3."],
    [/\.time\./, ".mlp.1."],
    [/\.shortcut\./, ".res_conv."],
    [/^mid\.block0\./, "mid_block1."],
    [/^mid\.block1\./, "mid_block2."],
    [/^mid\.attn\.out\./, "mid_attn.fn.fn.to_out."],
    [/^mid\.attn\./, "mid_attn.fn."],
    [/^out\.block\./, "final_conv.0."],
    [/^out\.conv\./, "final_conv.1."],
    [/^down\.(\d+)\./, "downs.$1."],
    [/^up\.(\d+)\./, (level) => `ups.${levels - 1 - Number(level)}.`],
    [/^(downs|ups)\.(\d+)\.(down|up)\./, "$1.$2.3."],
    [/\.block0\./, ".0."],
    [/\.block1\.(?!proj|norm)/, ".1."],
    [/\.attn\./, ".2.fn."],
    [/fn\.qkv\./, "fn.fn.to_qkv."],
    [/fn\.outNorm\./, "fn.fn.to_out.1."],
    [/fn\.out\./, "fn.fn.to_out.0."],
  ];
}
