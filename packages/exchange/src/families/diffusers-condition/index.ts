import { unet2dCondition } from "@ddpm/unet";
import { type CompleteConditionConfig, conditionStructureOf } from "@ddpm/unet/authoring";
import type * as z from "zod";
import { type Family, family, type Options } from "../../family.ts";
import { camelCased, referenceOptions, snakeCased } from "../../network/reference-options.ts";
import { sideOf } from "../../network/resolved.ts";
import { conditionNames } from "./names.ts";

type Values = Readonly<Record<string, unknown>>;

/** The fields of a `config.json`: the options of our network under Python's names. */
const fields: Readonly<Record<string, z.ZodType>> = referenceOptions(unet2dCondition, {
  ours: ["channels", "selfCondition", "timeIds"],
});

/** Networks and state dicts of diffusers' UNet2DConditionModel, from the fields of its `config.json`. */
export const diffusersCondition: Family = family({
  name: "diffusers-condition",
  about: "UNet2DConditionModel of Hugging Face diffusers: the U-Nets of Stable Diffusion 1, 2 and XL.",
  source: "huggingface/diffusers src/diffusers/models/unets/unet_2d_condition.py",
  options: fields,
  networks: { "unet2d-condition": { arguments: argumentsOf, resolve } },
  create(config) {
    const { sampleSize: _, ...given } = camelCased({ in_channels: 4, out_channels: 4, ...defined(config) });
    const complete = unet2dCondition.schema.parse(given) as unknown as CompleteConditionConfig;
    const names = conditionNames(conditionStructureOf(complete), complete.useLinearProjection);
    return { spec: { ...given, name: "unet2d-condition" }, names };
  },
});

/** Fields that are given or have a default; null counts where the default is another value. */
function defined(config: Values): Record<string, unknown> {
  const usual = defaults();
  return Object.fromEntries(
    Object.entries(config).filter(
      ([name, value]) => value !== undefined && (value !== null || usual[name] !== undefined),
    ),
  );
}

function defaults(): Values {
  return snakeCased(unet2dCondition.schema.parse({}) as Values);
}

/** Fields of the reference's `config.json`, all that `save_pretrained` writes. */
function argumentsOf(
  given: CompleteConditionConfig,
  size: readonly [height: number, width: number],
): Readonly<Record<string, unknown>> {
  const { channels, imageChannels = 0, outputs } = conditionStructureOf(given);
  const known: Values = {
    ...defaults(),
    ...snakeCased(given as unknown as Values),
    in_channels: channels + imageChannels,
    out_channels: outputs,
    sample_size: sideOf(size),
  };
  return Object.fromEntries(Object.keys(fields).map((field) => [field, known[field] ?? null]));
}

/** The structure of the network, without what has no effect. */
function resolve(given: CompleteConditionConfig & { readonly name: string }): object {
  const { name, ...config } = given;
  const leftOut = Object.fromEntries(Object.keys(config).map((option) => [option, undefined])) as Options;
  const { classNone, classKind, ...structure } = conditionStructureOf(given);
  return {
    ...leftOut,
    name,
    ...structure,
    classKind,
    classNone: classKind === "table" ? classNone : undefined,
  };
}
