import type { Structure } from "@ddpm/unet/authoring";
import { pixelLinear } from "../../weights/layouts.ts";
import { type Rules, renaming, type TensorNames, usualLayout } from "../../weights/names.ts";

/**
 * Names in UNet2DModel's state dict, by the kinds of its levels. Files of its first years name the
 * parts of attention otherwise; they are read as well.
 */
export function diffusersNames({ down, up }: Pick<Structure, "down" | "up">): TensorNames {
  const rename = renaming(rules(down, up), (ours) =>
    /attn\d*\.(q|k|v|out)\.kernel$/.test(ours.name) ? pixelLinear : usualLayout(ours),
  );
  return Object.assign(rename, { current: currentAttention });
}

/** The current name of a tensor of attention in files of diffusers' first years. */
export function currentAttention(theirs: string): string {
  return older.reduce((name, [pattern, now]) => name.replace(pattern, now), theirs);
}

const older = [
  [/(attentions\.\d+)\.query\./, "$1.to_q."],
  [/(attentions\.\d+)\.key\./, "$1.to_k."],
  [/(attentions\.\d+)\.value\./, "$1.to_v."],
  [/(attentions\.\d+)\.proj_attn\./, "$1.to_out.0."],
] as const;

function rules(down: readonly string[], up: readonly string[]): Rules {
  const levels = down.length;
  const skip = (way: string, at: string): boolean =>
    (way === "down" ? down[Number(at)]! : up[levels - 1 - Number(at)]!).startsWith("skip");
  return [
    ...commonRules(levels),
    [/\.pictureNorm\./, ".skip_norm."],
    [/\.picture\./, ".skip_conv."],
    [
      /^(down|up)_blocks\.(\d+)\.(?:down|up)\./,
      (way, at) =>
        skip(way!, at!) ? `${way}_blocks.${at}.resnet_${way}.` : `${way}_blocks.${at}.${way}samplers.0.`,
    ],
  ];
}

/** What diffusers' U-Nets have in common, apart from how levels halve and double in blocks. */
export function commonRules(levels: number): Rules {
  return [
    [/\.time\./, ".time_emb_proj."],
    [/\.modulation([12])\./, ".norm$1.linear."],
    [/\.shortcut\./, ".conv_shortcut."],
    [/(attn\d*)\.norm\./, "$1.group_norm."],
    [/(attn\d*)\.([qkv])\./, "$1.to_$2."],
    [/(attn\d*)\.out\./, "$1.to_out.0."],
    [/^stem\./, "conv_in."],
    [/^time\.(table|frequencies)$/, "time_proj.weight"],
    [/^time\.dense0\./, "time_embedding.linear_1."],
    [/^time\.dense1\./, "time_embedding.linear_2."],
    [/^labels\.dense0\./, "class_embedding.linear_1."],
    [/^labels\.dense1\./, "class_embedding.linear_2."],
    [/^labels\./, "class_embedding."],
    [/^out\.norm\./, "conv_norm_out."],
    [/^out\.conv\./, "conv_out."],
    [/^mid\.res(\d)\./, "mid_block.resnets.$1."],
    [/^mid\.attn\./, "mid_block.attentions.0."],
    [/^down\.(\d+)\./, "down_blocks.$1."],
    [/^up\.(\d+)\./, (level) => `up_blocks.${levels - 1 - Number(level)}.`],
    [/\.res(\d+)\./, ".resnets.$1."],
    [/\.attn(\d+)\./, ".attentions.$1."],
    [/^(down|up)(_blocks\.\d+)\.(down|up)\.(kernel|bias)/, "$1$2.$3samplers.0.conv.$4"],
  ];
}
