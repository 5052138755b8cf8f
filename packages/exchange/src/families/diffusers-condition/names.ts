import type { ConditionStructure } from "@ddpm/unet/authoring";
import { pixelLinear } from "../../weights/layouts.ts";
import { type Rules, renaming, type TensorNames, usualLayout } from "../../weights/names.ts";
import { commonRules, currentAttention } from "../diffusers/names.ts";

/**
 * Names in UNet2DConditionModel's state dict.
 *
 * @param linear whether the transformers' projections are stored as matrices
 */
export function conditionNames(
  { widths, projection }: Pick<ConditionStructure, "widths" | "projection">,
  linear: boolean,
): TensorNames {
  const matrices = linear
    ? /(attn\d+\.(q|k|v|out)|transformer\d+\.(in|out))\.kernel$/
    : /attn\d+\.(q|k|v|out)\.kernel$/;
  const rename = renaming(
    [...commonRules(widths.length), ...rules, ...projectionRules(projection)],
    (ours) => (ours.shape.length === 4 && matrices.test(ours.name) ? pixelLinear : usualLayout(ours)),
  );
  return Object.assign(rename, { current: currentAttention });
}

const rules: Rules = [
  [/^(down|up)(_blocks\.\d+)\.(?:down|up)\./, "$1$2.$1samplers.0."],
  [/\.contextNorm\./, ".norm_cross."],
  [/\.contextK\./, ".add_k_proj."],
  [/\.contextV\./, ".add_v_proj."],
  [/\.blocks\.(\d+)\./, ".transformer_blocks.$1."],
  [/\.self\./, ".attn1."],
  [/\.cross\./, ".attn2."],
  [/\.(attn[12])\.([qkv])\./, ".$1.to_$2."],
  [/\.(attn[12])\.out\./, ".$1.to_out.0."],
  [/\.mlp\.dense0\./, ".ff.net.0.proj."],
  [/\.mlp\.dense1\./, ".ff.net.2."],
  [/\.transformer(\d+)\.(in|out)\./, ".attentions.$1.proj_$2."],
  [/\.(?:transformer|modulated)(\d+)\./, ".attentions.$1."],
  [/^mid\./, "mid_block."],
  [/^time\.guidance\./, "time_embedding.cond_proj."],
  [/^added\.dense0\./, "add_embedding.linear_1."],
  [/^added\.dense1\./, "add_embedding.linear_2."],
  [/^added\.pool\.position$/, "add_embedding.pool.positional_embedding"],
  [/^added\.pool\.([qkv])\./, "add_embedding.pool.$1_proj."],
  [/^added\.(image|text)Norm\./, "add_embedding.$1_norm."],
  [/^added\.(image|text)\./, "add_embedding.$1_proj."],
  [/^added\./, "add_embedding."],
];

function projectionRules(projection: ConditionStructure["projection"]): Rules {
  return [
    [/^projection\.text\./, projection === "text" ? "encoder_hid_proj." : "encoder_hid_proj.text_proj."],
    [/^projection\.image\./, "encoder_hid_proj.image_embeds."],
    [/^projection\./, "encoder_hid_proj."],
  ];
}
