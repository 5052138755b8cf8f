import type { ParamSpec } from "@ddpm/core";
import type { Layout } from "@ddpm/weights/authoring";
import { unshuffle } from "../weights/layouts.ts";
import { type Rules, usualLayout } from "../weights/names.ts";

/** Names shared by lucidrains' U-Net and the later annotated text, attention left to the caller. */
export function twinSkipRules(levels: number): Rules {
  const onwards = (way: string, level: string, index: number, plain: number): string =>
    Number(level) === plain ? `${way}s.${index}.3.` : `${way}s.${index}.3.1.`;
  const flipped = (level: string): number => levels - 1 - Number(level);
  return [
    [/\.(conv|norm)([12])\./, (kind, index) => `.block${index}.${kind === "conv" ? "proj" : "norm"}.`],
    [/^stem\./, "init_conv."],
    [/^time\.dense0\./, "time_mlp.1."],
    [/^time\.dense1\./, "time_mlp.3."],
    [/\.time\./, ".mlp.1."],
    [/\.shortcut\./, ".res_conv."],
    [/^mid\.block0\./, "mid_block1."],
    [/^mid\.block1\./, "mid_block2."],
    [/^mid\.attn\./, "mid_attn."],
    [/^out\.block\./, "final_res_block."],
    [/^out\.conv\./, "final_conv."],
    [/^down\.(\d+)\.down\./, (level) => onwards("down", level!, Number(level), levels - 1)],
    [/^up\.(\d+)\.up\./, (level) => onwards("up", level!, flipped(level!), 0)],
    [/^down\.(\d+)\./, "downs.$1."],
    [/^up\.(\d+)\./, (level) => `ups.${flipped(level!)}.`],
    [/\.block0\./, ".0."],
    [/\.block1\.(?!proj|norm)/, ".1."],
    [/^((?:downs|ups)\.\d+)\.attn\./, "$1.2."],
  ];
}

/** The usual layouts, apart from the halvings. */
export function twinSkipLayout(ours: ParamSpec): Layout {
  const halves = /^down\.\d+\.down\.kernel$/.test(ours.name) && ours.shape[0] === 2;
  return halves ? unshuffle : usualLayout(ours);
}
