import type { LucidrainsOptions } from "@ddpm/unet";
import { channelsOf } from "@ddpm/unet/authoring";
import { z } from "zod";
import { type Family, family } from "../family.ts";
import { channelCounts, outDim } from "../network/channel-counts.ts";
import { column, memories } from "../weights/layouts.ts";
import { type Rules, renaming } from "../weights/names.ts";
import { twinSkipLayout, twinSkipRules } from "./twin-skips.ts";

const positive = z.number().int().positive();
const perLevel = z.union([positive, z.array(positive)]);

const options = {
  dim: positive.describe("width that the multipliers multiply"),
  init_dim: positive.nullish().describe("channels after the first convolution"),
  out_dim: positive
    .nullish()
    .describe("channels of the output; channels, or twice with learned_variance, when null"),
  dim_mults: z.array(positive).default([1, 2, 4, 8]).describe("channels of each level, in dims"),
  channels: positive.default(3).describe("channels of the images"),
  self_condition: z.boolean().default(false).describe("receives its own earlier guess of the images"),
  learned_variance: z.boolean().default(false).describe("twice the channels out"),
  learned_sinusoidal_cond: z.boolean().default(false).describe("Fourier features with learned frequencies"),
  random_fourier_features: z.boolean().default(false).describe("Fourier features with random frequencies"),
  learned_sinusoidal_dim: positive.multipleOf(2).default(16).describe("sines and cosines of these"),
  sinusoidal_pos_emb_theta: z.number().positive().default(10000).describe("base of the frequencies"),
  dropout: z.number().min(0).lt(1).default(0).describe("dropout rate"),
  attn_dim_head: perLevel.default(32).describe("numbers per head"),
  attn_heads: perLevel.default(4).describe("heads"),
  full_attn: z
    .union([z.boolean(), z.array(z.boolean())])
    .nullish()
    .describe("full attention, by level"),
  flash_attn: z.boolean().default(false).describe("not used: the same numbers"),
};

/** Networks and state dicts of lucidrains' denoising-diffusion-pytorch 2.3. */
export const lucidrains: Family = family({
  name: "lucidrains",
  about: "Unet of denoising-diffusion-pytorch.",
  source: "lucidrains/denoising-diffusion-pytorch 2.3.1, class Unet",
  options,
  networks: { lucidrains: { arguments: argumentsOf, resolve } },
  create(given) {
    const { channels, dim_mults, full_attn } = given;
    const levels = dim_mults.length;
    const outputs = given.out_dim ?? (given.learned_variance ? 2 : 1) * channels;
    const full = !full_attn
      ? [levels - 1]
      : dim_mults.flatMap((_, level) => (full_attn === true || full_attn[level] ? [level] : []));
    const rename = renaming([...attentionRules(full), ...twinSkipRules(levels)], twinSkipLayout);
    return {
      spec: {
        name: "lucidrains",
        ...channelsOf(channels, outputs, given.self_condition),
        selfCondition: given.self_condition,
        dim: given.dim,
        ...(given.init_dim ? { initDim: given.init_dim } : {}),
        multipliers: dim_mults,
        // Where both are set, random frequencies take precedence, as in the reference.
        waves: given.random_fourier_features
          ? "random"
          : given.learned_sinusoidal_cond
            ? "learned"
            : "sinusoidal",
        waveWidth: given.learned_sinusoidal_dim,
        theta: given.sinusoidal_pos_emb_theta,
        dropout: given.dropout,
        fullAttention: full,
        heads: given.attn_heads,
        headWidth: given.attn_dim_head,
      },
      names(ours) {
        const { name, layout } = rename(ours);
        if (ours.name.endsWith(".scale")) return { name: name.replace(/weight$/, "g"), layout: column };
        const linear = /^(?:down|up)\.(\d+)\.attn\.memory$/.exec(ours.name);
        return linear && !full.includes(Number(linear[1])) ? { name, layout: memories } : { name, layout };
      },
    };
  },
});

function attentionRules(full: readonly number[]): Rules {
  const out = (path: string, level: string): string =>
    full.includes(Number(level)) ? `${path}.to_out.` : `${path}.to_out.0.`;
  return [
    [/^time\.frequencies$/, "time_mlp.0.weights"],
    [/\.attn\.memory$/, ".attn.mem_kv"],
    [/\.attn\.qkv\./, ".attn.to_qkv."],
    [/\.attn\.outNorm\./, ".attn.to_out.1."],
    [/^mid\.attn\.out\./, "mid.attn.to_out."],
    [/^((?:down|up)\.(\d+)\.attn)\.out\./, (path, level) => out(path!, level!)],
  ];
}

function argumentsOf(given: Required<LucidrainsOptions>): Readonly<Record<string, unknown>> {
  const deepest = given.multipliers.length - 1;
  const full = given.fullAttention ?? [deepest];
  return {
    dim: given.dim,
    init_dim: given.initDim ?? null,
    out_dim: outDim(given, given.learnsVariance ? 2 : 1),
    dim_mults: given.multipliers,
    channels: channelCounts(given).taken,
    self_condition: given.selfCondition,
    learned_variance: given.learnsVariance,
    learned_sinusoidal_cond: given.waves === "learned",
    random_fourier_features: given.waves === "random",
    learned_sinusoidal_dim: given.waveWidth,
    sinusoidal_pos_emb_theta: given.theta,
    dropout: given.dropout,
    attn_dim_head: given.headWidth,
    attn_heads: given.heads,
    full_attn: given.multipliers.map((_, level) => full.includes(level)),
    flash_attn: false,
  };
}

function resolve(given: Required<LucidrainsOptions>): object {
  const { dim, multipliers, waves } = given;
  const each = (value: number | readonly number[]): readonly number[] =>
    multipliers.map((_, level) => (typeof value === "number" ? value : (value[level] ?? value.at(-1)!)));
  return {
    initDim: given.initDim ?? dim,
    fullAttention: given.fullAttention ?? [multipliers.length - 1],
    heads: each(given.heads),
    headWidth: each(given.headWidth),
    ...(waves === "sinusoidal" ? { waveWidth: undefined } : { theta: undefined }),
  };
}
