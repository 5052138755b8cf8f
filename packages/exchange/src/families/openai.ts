import { guided } from "@ddpm/unet";
import { type GuidedOptions, guidedAttention, positiveInteger } from "@ddpm/unet/authoring";
import * as z from "zod";
import { type Family, family } from "../family.ts";
import { channelCounts } from "../network/channel-counts.ts";
import { argumentsIn, camelCased, referenceOptions } from "../network/reference-options.ts";
import { resolvedClasses, sideOf } from "../network/resolved.ts";
import { pixelConv1d } from "../weights/layouts.ts";
import { type Rules, renaming, usualLayout } from "../weights/names.ts";

type Guided = Required<GuidedOptions>;

const shared = referenceOptions(guided, {
  ours: ["channels", "selfCondition", "groups"],
  required: ["inChannels", "outChannels", "modelChannels", "numResBlocks", "attentionResolutions"],
});

const options = {
  ...shared,
  image_size: positiveInteger.optional().describe("not used by the network"),
  dims: z.literal(2).default(2).describe("only pictures"),
  use_checkpoint: z.boolean().default(false).describe("not used by the network"),
  use_fp16: z.boolean().default(false).describe("not used: weights are float32 here"),
};

/** Networks and state dicts of improved-diffusion and guided-diffusion. */
export const openai: Family = family({
  name: "openai",
  about: "UNetModel of improved-diffusion and guided-diffusion.",
  source: "openai/improved-diffusion unet.py; openai/guided-diffusion unet.py",
  options,
  networks: { guided: { arguments: argumentsOf, resolve } },
  create(given) {
    const { imageSize: _, dims, useCheckpoint, useFp16, numClasses, ...named } = camelCased(given);
    const theirs = named as unknown as Guided;
    const levels = theirs.channelMult.length;
    const attention = guidedAttention(theirs);
    return {
      spec: {
        name: "guided",
        ...theirs,
        attentionResolutions: attention.map((level) => 2 ** level),
        ...(numClasses ? { numClasses, classNone: false } : {}),
      },
      names: renaming(rules(levels, theirs.numResBlocks, attention), (ours) =>
        /attn\d*\.(qkv|out)\.kernel$/.test(ours.name) ? pixelConv1d : usualLayout(ours),
      ),
    };
  },
});

/** Both ways are flat lists; on the way up a resampling is the last part of a stage. */
function rules(levels: number, blocks: number, attention: readonly number[]): Rules {
  const part = (kind: string): number => (kind === "res" ? 0 : 1);
  const down = (level: string, index: number): string =>
    `input_blocks.${1 + Number(level) * (blocks + 1) + index}`;
  const up = (level: string, index: number): string =>
    `output_blocks.${(levels - 1 - Number(level)) * (blocks + 1) + index}`;
  const after = (level: string): number => (attention.includes(Number(level)) ? 2 : 1);
  return [
    [/\.norm1\./, ".in_layers.0."],
    [/\.conv1\./, ".in_layers.2."],
    [/\.time\./, ".emb_layers.1."],
    [/\.norm2\./, ".out_layers.0."],
    [/\.conv2\./, ".out_layers.3."],
    [/\.shortcut\./, ".skip_connection."],
    [/(attn\d*)\.out\./, "$1.proj_out."],
    [/^out\.norm\./, "out.0."],
    [/^out\.conv\./, "out.2."],
    [/^stem\./, "input_blocks.0.0."],
    [/^time\.dense0\./, "time_embed.0."],
    [/^time\.dense1\./, "time_embed.2."],
    [/^labels\./, "label_emb."],
    [/^mid\.res0\./, "middle_block.0."],
    [/^mid\.attn\./, "middle_block.1."],
    [/^mid\.res1\./, "middle_block.2."],
    [/^down\.(\d+)\.(res|attn)(\d+)\./, (level, kind, i) => `${down(level!, Number(i))}.${part(kind!)}.`],
    [/^down\.(\d+)\.down\.(kernel|bias)/, (level, leaf) => `${down(level!, blocks)}.0.op.${leaf}`],
    [/^down\.(\d+)\.down\./, (level) => `${down(level!, blocks)}.0.`],
    [/^up\.(\d+)\.(res|attn)(\d+)\./, (level, kind, i) => `${up(level!, Number(i))}.${part(kind!)}.`],
    [/^up\.(\d+)\.up\.(kernel|bias)/, (level, leaf) => `${up(level!, blocks)}.${after(level!)}.conv.${leaf}`],
    [/^up\.(\d+)\.up\./, (level) => `${up(level!, blocks)}.${after(level!)}.`],
  ];
}

function argumentsOf(
  given: Guided,
  size: readonly [height: number, width: number],
): Readonly<Record<string, unknown>> {
  const { taken, made } = channelCounts(given);
  return {
    ...argumentsIn(shared, { ...given, inChannels: taken, outChannels: made }),
    image_size: sideOf(size),
    dims: 2,
    use_checkpoint: false,
    use_fp16: false,
  };
}

function resolve(given: Guided): object {
  const { numHeadChannels, numHeads, numHeadsUpsample } = given;
  const upsample = numHeadsUpsample > 0 ? numHeadsUpsample : numHeads;
  return {
    attentionResolutions: undefined,
    attention: guidedAttention(given),
    ...(numHeadChannels > 0
      ? { numHeads: undefined, numHeadsUpsample: undefined }
      : { numHeadsUpsample: upsample }),
    ...(given.resblockUpdown ? { convResample: undefined } : {}),
    ...resolvedClasses(given.numClasses),
  };
}
