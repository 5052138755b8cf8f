import { pixelLinear } from "../weights/layouts.ts";
import { type Rules, renaming, type TensorNames, usualLayout } from "../weights/names.ts";

/** Names of attention's parts in files of the first years. */
const older = [
  [/(attentions\.\d+)\.query\./, "$1.to_q."],
  [/(attentions\.\d+)\.key\./, "$1.to_k."],
  [/(attentions\.\d+)\.value\./, "$1.to_v."],
  [/(attentions\.\d+)\.proj_attn\./, "$1.to_out.0."],
] as const;

/**
 * Names in the state dicts of diffusers' AutoencoderKL and VQModel.
 *
 * @param levels of the decoder, which its files count from the coarsest
 */
export function levelNames(levels: number): TensorNames {
  const rules: Rules = [
    [/\.norm\.norm\./, ".norm.norm_layer."],
    [/\.(norm[12])\.norm\./, ".$1.norm_layer."],
    [/(attn\d*)\.norm\.(norm_layer|gain|offset)\./, "$1.spatial_norm.$2."],
    [/(attn\d*)\.norm\./, "$1.group_norm."],
    [/\.gain\./, ".conv_y."],
    [/\.offset\./, ".conv_b."],
    [/(attn\d*)\.([qkv])\./, "$1.to_$2."],
    [/(attn\d*)\.out\./, "$1.to_out.0."],
    [/\.shortcut\./, ".conv_shortcut."],
    [/^(encoder|decoder)\.stem\./, "$1.conv_in."],
    [/^(encoder|decoder)\.out\.norm\./, "$1.conv_norm_out."],
    [/^(encoder|decoder)\.out\.conv\./, "$1.conv_out."],
    [/\.mid\.res(\d)\./, ".mid_block.resnets.$1."],
    [/\.mid\.attn\./, ".mid_block.attentions.0."],
    [/^encoder\.down\.(\d+)\./, "encoder.down_blocks.$1."],
    [/^decoder\.up\.(\d+)\./, (level) => `decoder.up_blocks.${levels - 1 - Number(level)}.`],
    [/\.res(\d+)\./, ".resnets.$1."],
    [/\.attn(\d+)\./, ".attentions.$1."],
    [/(blocks\.\d+)\.(down|up)\./, "$1.$2samplers.0.conv."],
    [/^quant\./, "quant_conv."],
    [/^postQuant\./, "post_quant_conv."],
    [/^codebook\./, "quantize.embedding."],
  ];
  const rename = renaming(rules, (ours) =>
    /attn\d*\.(q|k|v|out)\.kernel$/.test(ours.name) ? pixelLinear : usualLayout(ours),
  );
  return Object.assign(rename, {
    current: (theirs: string): string =>
      older.reduce((name, [pattern, now]) => name.replace(pattern, now), theirs),
  });
}
