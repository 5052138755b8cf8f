import type { ParamSpec } from "@ddpm/core";
import { lucidrains1d as network } from "@ddpm/unet";
import { channelsOf, type Lucidrains1dOptions } from "@ddpm/unet/authoring";
import type { Layout } from "@ddpm/weights/authoring";
import { type Family, family } from "../family.ts";
import { outDim, withOutDim, withoutOutDim } from "../network/channel-counts.ts";
import { argumentsIn, camelCased, referenceOptions, stated } from "../network/reference-options.ts";
import { pixelConv1d, signalColumn } from "../weights/layouts.ts";
import { type Rules, renaming, usualLayout } from "../weights/names.ts";
import { twinSkipRules } from "./twin-skips.ts";

type Lucidrains1d = Required<Lucidrains1dOptions>;

const options = referenceOptions(network, { ours: [], required: ["dim"] });

/** Networks and state dicts of the U-Net for signals in lucidrains' denoising-diffusion-pytorch 2.3. */
export const lucidrains1d: Family = family({
  name: "lucidrains-1d",
  about: "Unet1D of denoising-diffusion-pytorch, for signals.",
  source: "lucidrains/denoising-diffusion-pytorch 2.3.1, class Unet1D",
  options,
  networks: { "lucidrains-1d": { arguments: argumentsOf, resolve } },
  create(given) {
    const { outDim: made, ...named } = camelCased(stated(given)) as unknown as Lucidrains1d;
    const { channels, dimMults, learnedVariance } = named;
    const outputs = made ?? (learnedVariance ? 2 : 1) * channels;
    const { learnsVariance, ...counted } = withOutDim(channelsOf(channels, outputs, true));
    const rename = renaming([...rules, ...twinSkipRules(dimMults.length)], layoutOf);
    return {
      spec: { name: "lucidrains-1d", ...named, ...counted, learnedVariance: learnsVariance },
      names(ours) {
        const { name, layout } = rename(ours);
        return { name: ours.name.endsWith(".scale") ? name.replace(/weight$/, "g") : name, layout };
      },
    };
  },
});

const rules: Rules = [
  [/^time\.frequencies$/, "time_mlp.0.weights"],
  [/\.attn\.norm\./, ".attn.fn.norm."],
  [/\.attn\.qkv\./, ".attn.fn.fn.to_qkv."],
  [/^mid\.attn\.out\./, "mid.attn.fn.fn.to_out."],
  [/\.attn\.out\./, ".attn.fn.fn.to_out.0."],
  [/\.attn\.outNorm\./, ".attn.fn.fn.to_out.1."],
  [/^down\.(\d+)\.down\./, "downs.$1.3."],
];

function layoutOf(ours: ParamSpec): Layout {
  if (ours.name.endsWith(".scale")) return signalColumn;
  return ours.shape.length === 4 ? pixelConv1d : usualLayout(ours);
}

function argumentsOf(given: Lucidrains1d): Readonly<Record<string, unknown>> {
  const learnsVariance = given.learnedVariance;
  const counted = { ...given, learnsVariance };
  return { ...argumentsIn(options, given), out_dim: outDim(counted, learnsVariance ? 2 : 1) };
}

function resolve(given: Lucidrains1d): object {
  const { dim, learnedVariance, learnedSinusoidalCond, randomFourierFeatures } = given;
  const features = learnedSinusoidalCond || randomFourierFeatures;
  return {
    ...withoutOutDim(given),
    initDim: given.initDim ?? dim,
    learnsVariance: learnedVariance,
    learnedVariance: undefined,
    ...(randomFourierFeatures ? { learnedSinusoidalCond: undefined } : {}),
    ...(features ? { sinusoidalPosEmbTheta: undefined } : { learnedSinusoidalDim: undefined }),
  };
}
