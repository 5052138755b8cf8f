import type { Spec } from "@ddpm/core";
import { unet2d } from "@ddpm/unet";
import { type CompleteConfig, type Structure, structureOf } from "@ddpm/unet/authoring";
import { type Family, family } from "../../family.ts";
import { camelCased } from "../../network/reference-options.ts";
import { argumentsOf } from "./arguments.ts";
import { defaultFields, fields } from "./fields.ts";
import { diffusersNames } from "./names.ts";
import { resolveHo, resolveUnet2d } from "./resolve.ts";

/** Networks and state dicts of diffusers' UNet2DModel, from the fields of its `config.json`. */
export const diffusers: Family = family({
  name: "diffusers",
  about: "UNet2DModel of Hugging Face diffusers; the DDPM paper's shape becomes the network of that paper.",
  source: "huggingface/diffusers src/diffusers/models/unets/unet_2d.py",
  options: fields,
  networks: {
    ho: { arguments: argumentsOf, resolve: resolveHo },
    unet2d: { arguments: argumentsOf, resolve: resolveUnet2d },
  },
  create(config) {
    const { sampleSize: _, ...given } = camelCased({ in_channels: 3, out_channels: 3, ...defined(config) });
    const structure = structureOf(unet2d.schema.parse(given) as unknown as CompleteConfig);
    return { spec: paperSpec(structure) ?? { ...given, name: "unet2d" }, names: diffusersNames(structure) };
  },
});

/** Fields that are given or have a default; null counts where the default is another value. */
function defined(config: Readonly<Record<string, unknown>>): Record<string, unknown> {
  const usual = defaultFields();
  return Object.fromEntries(
    Object.entries(config).filter(
      ([name, value]) => value !== undefined && (value !== null || usual[name] !== undefined),
    ),
  );
}

/** The DDPM paper's network where the structure is of its shape. */
function paperSpec(given: Structure): Exclude<Spec, string> | undefined {
  const { widths, groups, down, up, channels } = given;
  const first = widths[0]!;
  const usual = down.every((kind) => kind === "plain" || kind === "attention");
  const asInThePaper =
    usual &&
    down.join() === up.join() &&
    given.frequencyShift === 1 &&
    !given.cosFirst &&
    !given.centre &&
    given.embedding === 4 * first &&
    given.outputs === channels &&
    given.imageChannels === undefined &&
    given.middle &&
    given.attentionMiddle &&
    given.middleScale === 1 &&
    given.middleNorm === groups &&
    given.halving === "conv" &&
    given.doubling === "conv" &&
    given.headWidth === undefined &&
    given.classes === undefined &&
    given.classKind === "table" &&
    given.waves === "sinusoidal" &&
    given.activation === "silu" &&
    !given.scaleShift &&
    groups !== null &&
    widths.every((width) => width % first === 0 && width % groups === 0);
  if (!asInThePaper) return undefined;
  return {
    name: "ho",
    channels,
    blocks: given.blocks,
    dropout: given.dropout,
    groups,
    eps: given.eps,
    padding: given.padding,
    width: first,
    multipliers: widths.map((width) => width / first),
    attention: down.flatMap((kind, level) => (kind === "attention" ? [level] : [])),
    groupSize: 1,
  };
}
