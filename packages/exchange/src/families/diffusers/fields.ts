import { unet2d } from "@ddpm/unet";
import type { z } from "zod";

type Values = Readonly<Record<string, unknown>>;

/** Options of our network that UNet2DModel lacks. */
const OURS = ["channels", "learnsVariance", "imageChannels", "outputs", "selfCondition", "classNone"];

/** The fields of a `config.json`: the options of our network under Python's names. */
export const fields: Readonly<Record<string, z.ZodType>> = snakeCased(
  Object.fromEntries(
    Object.entries(unet2d.schema.shape).filter(([name]) => !OURS.includes(name) && !name.startsWith("_")),
  ) as Record<string, z.ZodType>,
);

/** The defaults of the fields; those without are left out. */
export function defaultFields(): Values {
  return snakeCased(unet2d.schema.parse({}) as Values);
}

/** Names as Python writes them, `layers_per_block`, as JavaScript does, `layersPerBlock`; the values are the same. */
export function camelCased(values: Values): Record<string, unknown> {
  return renamed(values, (name) => name.replace(/_([a-z0-9])/g, (_, letter: string) => letter.toUpperCase()));
}

/** The inverse of {@link camelCased}. */
export function snakeCased<Value>(values: Readonly<Record<string, Value>>): Record<string, Value> {
  return renamed(values, (name) => name.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`));
}

function renamed<Value>(
  values: Readonly<Record<string, Value>>,
  rename: (name: string) => string,
): Record<string, Value> {
  return Object.fromEntries(Object.entries(values).map(([name, value]) => [rename(name), value]));
}
