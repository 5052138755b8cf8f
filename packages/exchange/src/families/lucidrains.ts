import { lucidrains as network } from "@ddpm/unet";
import { channelsOf, type LucidrainsOptions, lucidrainsFullAttention } from "@ddpm/unet/authoring";
import * as z from "zod";
import { type Family, family } from "../family.ts";
import { channelCounts, outDim, withOutDim, withoutOutDim } from "../network/channel-counts.ts";
import { argumentsIn, camelCased, referenceOptions, stated } from "../network/reference-options.ts";
import { column, memories } from "../weights/layouts.ts";
import { type Rules, renaming } from "../weights/names.ts";
import { twinSkipLayout, twinSkipRules } from "./twin-skips.ts";

type Lucidrains = Required<LucidrainsOptions>;

const shared = referenceOptions(network, { ours: [], required: ["dim"] });
const options = {
  ...shared,
  flash_attn: z.boolean().default(false).describe("not used: the same numbers"),
};

/** Networks and state dicts of lucidrains' denoising-diffusion-pytorch 2.3. */
export const lucidrains: Family = family({
  name: "lucidrains",
  about: "Unet of denoising-diffusion-pytorch.",
  source: "lucidrains/denoising-diffusion-pytorch 2.3.1, class Unet",
  options,
  networks: { lucidrains: { arguments: argumentsOf, resolve } },
  create({ flash_attn: _, ...given }) {
    const named = camelCased(stated(given)) as unknown as Lucidrains;
    const { channels, dimMults, selfCondition } = named;
    const levels = dimMults.length;
    const outputs = named.outDim ?? (named.learnedVariance ? 2 : 1) * channels;
    const { learnsVariance, ...counted } = withOutDim(channelsOf(channels, outputs, selfCondition));
    const full = lucidrainsFullAttention(named);
    const { outDim: __, ...rest } = named;
    const rename = renaming([...attentionRules(full), ...twinSkipRules(levels)], twinSkipLayout);
    return {
      spec: {
        name: "lucidrains",
        ...rest,
        ...counted,
        learnedVariance: learnsVariance,
        fullAttn: dimMults.map((_, level) => full.includes(level)),
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

function argumentsOf(given: Lucidrains): Readonly<Record<string, unknown>> {
  const { dimMults, learnedVariance: learnsVariance } = given;
  const full = lucidrainsFullAttention(given);
  const counted = { ...given, learnsVariance };
  return {
    ...argumentsIn(shared, given),
    out_dim: outDim(counted, learnsVariance ? 2 : 1),
    channels: channelCounts(withoutOutDim(counted)).taken,
    full_attn: dimMults.map((_, level) => full.includes(level)),
    flash_attn: false,
  };
}

function resolve(given: Lucidrains): object {
  const { dim, dimMults, learnedVariance, learnedSinusoidalCond, randomFourierFeatures } = given;
  const each = (value: number | readonly number[]): readonly number[] =>
    dimMults.map((_, level) => (typeof value === "number" ? value : (value[level] ?? value.at(-1)!)));
  const features = learnedSinusoidalCond || randomFourierFeatures;
  return {
    ...withoutOutDim(given),
    initDim: given.initDim ?? dim,
    learnsVariance: learnedVariance,
    learnedVariance: undefined,
    fullAttn: lucidrainsFullAttention(given),
    attnHeads: each(given.attnHeads),
    attnDimHead: each(given.attnDimHead),
    ...(randomFourierFeatures ? { learnedSinusoidalCond: undefined } : {}),
    ...(features ? { sinusoidalPosEmbTheta: undefined } : { learnedSinusoidalDim: undefined }),
  };
}
