import { fail } from "@ddpm/core";
import { labml as network } from "@ddpm/unet";
import { type LabmlOptions, labmlWidths, positiveInteger } from "@ddpm/unet/authoring";
import { type Family, family } from "../family.ts";
import { argumentsIn, camelCased, referenceOptions } from "../network/reference-options.ts";
import { pixelLinear } from "../weights/layouts.ts";
import { type Rules, renaming, usualLayout } from "../weights/names.ts";

type Labml = Required<LabmlOptions>;

const shared = referenceOptions(network, {
  ours: ["channels", "selfCondition", "cumulative", "attentionNorm", "dropout", "groups", "headGroups"],
});
const options = {
  image_channels: positiveInteger.default(3).describe("channels of the images"),
  ...shared,
};

/** Networks and state dicts of labml.ai's DDPM, and of the post that copied it (documents 000 and 002). */
export const labml: Family = family({
  name: "labml",
  about: "UNet of labml.ai's annotated DDPM.",
  source: "labmlai/annotated_deep_learning_paper_implementations labml_nn/diffusion/ddpm/unet.py",
  options,
  networks: {
    labml: {
      arguments: argumentsOf,
      resolve: (given: Labml) => ({
        chMults: labmlWidths(given),
        cumulative: undefined,
      }),
    },
  },
  create({ image_channels, ...given }) {
    const named = camelCased(given) as unknown as Labml;
    return {
      spec: { ...named, name: "labml", channels: image_channels },
      names: renaming(rules(named.chMults.length, named.nBlocks), (ours) =>
        /attn\d*\.(qkv|out)\.kernel$/.test(ours.name) ? pixelLinear : usualLayout(ours),
      ),
    };
  },
});

/** Their way down and way up are flat lists of blocks and resamplings. */
function rules(levels: number, blocks: number): Rules {
  const down = (level: string, index: number): string => `down.${Number(level) * (blocks + 1) + index}`;
  const up = (level: string, index: number): string =>
    `up.${(levels - 1 - Number(level)) * (blocks + 2) + index}`;
  return [
    [/^stem\./, "image_proj."],
    [/^time\.dense0\./, "time_emb.lin1."],
    [/^time\.dense1\./, "time_emb.lin2."],
    [/\.time\./, ".time_emb."],
    [/^mid\.res0\./, "middle.res1."],
    [/^mid\.res1\./, "middle.res2."],
    [/^mid\.attn\./, "middle.attn."],
    [/^down\.(\d+)\.(res|attn)(\d+)\./, (level, kind, i) => `${down(level!, Number(i))}.${kind}.`],
    [/^down\.(\d+)\.down\./, (level) => `${down(level!, blocks)}.conv.`],
    [/^up\.(\d+)\.(res|attn)(\d+)\./, (level, kind, i) => `${up(level!, Number(i))}.${kind}.`],
    [/^up\.(\d+)\.up\./, (level) => `${up(level!, blocks + 1)}.conv.`],
    [/\.attn\.qkv\./, ".attn.projection."],
    [/\.attn\.out\./, ".attn.output."],
    [/^out\.norm\./, "norm."],
    [/^out\.conv\./, "final."],
  ];
}

/** Each of their levels multiplies the channels of the level before. */
function argumentsOf(given: Labml): Readonly<Record<string, unknown>> {
  const widths = [given.nChannels, ...labmlWidths(given)];
  const growth = widths.slice(1).map((wide, level) => wide / widths[level]!);
  if (!growth.every(Number.isInteger)) {
    fail(
      "exchange/labml",
      `levels of ${widths.slice(1).join(", ")} channels.`,
      "Its levels have whole multiples of the channels of the level before.",
    );
  }
  return { ...argumentsIn(shared, given), image_channels: given.channels, ch_mults: growth };
}
