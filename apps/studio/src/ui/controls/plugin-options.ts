import type { OptionsSchema } from "@ddpm/core/authoring";
import { parameterizations, samplers } from "@ddpm/diffusion";
import { schedules, spacings } from "@ddpm/schedules";

/** An option of a plugin as something to set. */
export type OptionField =
  | {
      readonly kind: "number";
      readonly name: string;
      readonly about: string;
      readonly value: number;
      readonly min: number;
      readonly max: number;
      readonly whole: boolean;
      readonly log: boolean;
    }
  | {
      readonly kind: "choice";
      readonly name: string;
      readonly about: string;
      readonly value: string;
      readonly options: readonly string[];
    }
  | { readonly kind: "toggle"; readonly name: string; readonly about: string; readonly value: boolean };

interface JsonField {
  readonly type?: string;
  readonly description?: string;
  readonly default?: unknown;
  readonly enum?: readonly string[];
  readonly minimum?: number;
  readonly maximum?: number;
  readonly exclusiveMinimum?: number;
  readonly exclusiveMaximum?: number;
}

/** Beyond this a bound is only there to keep numbers exact. */
const UNBOUNDED = 1e9;

/** From this ratio on a slider is logarithmic. */
const LOG_FROM = 200;

/**
 * What can be set of a plugin, read from its own schema: names, meanings, ranges and defaults. Options without a default
 * or of a kind that no slider has are left out.
 */
export function optionFields(schema: OptionsSchema): OptionField[] {
  const json = schema.json();
  return Object.entries(json.properties ?? {}).flatMap(([name, given]) => {
    const field = typeof given === "object" ? fieldOf(name, given as JsonField) : undefined;
    return field ? [field] : [];
  });
}

function fieldOf(name: string, field: JsonField): OptionField | undefined {
  const { type, default: value, description: about = "" } = field;
  if (field.enum && typeof value === "string")
    return { kind: "choice", name, about, value, options: field.enum };
  if (typeof value === "boolean") return { kind: "toggle", name, about, value };
  if (typeof value !== "number") return undefined;
  const whole = type === "integer";
  const { min, max } = rangeOf(field, value, whole);
  return { kind: "number", name, about, value, min, max, whole, log: min > 0 && max / min > LOG_FROM };
}

/** A range to slide over: the schema's own where it is narrow enough to be of use. */
function rangeOf(field: JsonField, value: number, whole: boolean): { min: number; max: number } {
  const size = Math.max(Math.abs(value), whole ? 1 : 0.1);
  const low = field.minimum ?? field.exclusiveMinimum;
  const high = field.maximum ?? field.exclusiveMaximum;
  const max = high !== undefined && high <= 100 * size && high < UNBOUNDED ? high : 10 * size;
  if (low === undefined || low < -UNBOUNDED) return { min: Math.min(-10 * size, value), max };
  if (low > 0 || value === 0) return { min: low, max };
  // Positive numbers that may be as small as one likes: three decades below the default.
  const open = field.exclusiveMinimum !== undefined || (value > 0 && value < 0.01);
  return { min: open ? value / 1000 : low, max };
}

/** Plugins that need more than numbers, by their registry: no form makes them. */
const unsuited: Readonly<Record<string, readonly string[]>> = {
  schedule: ["custom"],
  spacing: ["list", "sections"],
  // Made for given pictures, or for other kinds of networks.
  sampler: ["repaint", "consistency", "tcd"],
};

const choicesOf = ({ kind, names }: { readonly kind: string; readonly names: readonly string[] }): string[] =>
  names.filter((name) => !unsuited[kind]?.includes(name));

/** Plugins that the page lists, by kind; schedules that wrap another take the linear one. */
export const pluginChoices: Readonly<
  Record<"schedules" | "spacings" | "samplers" | "parameterizations", readonly string[]>
> = {
  schedules: choicesOf(schedules),
  spacings: choicesOf(spacings),
  samplers: choicesOf(samplers),
  parameterizations: choicesOf(parameterizations),
};
