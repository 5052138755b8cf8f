import { type Denoiser, isDdpmError } from "@ddpm/core";
import { jsonOf, type OptionType } from "@ddpm/core/authoring";
import { denoisers } from "@ddpm/unet";
import { families } from "../families/index.ts";
import { chooseWeights } from "../weights/choose.ts";
import type { TensorNames } from "../weights/names.ts";
import { isSameNetwork } from "./arguments-of.ts";
import { familySpec } from "./family-spec.ts";

type Settings = Readonly<Record<string, unknown>>;

/** A network that one changed argument builds. */
interface Changed {
  readonly option: string;
  readonly value: unknown;
  readonly denoiser: Denoiser;
  readonly names: TensorNames;
}

/**
 * Arguments of a reference that build another network of the same shapes: a file of weights fits both, so it cannot confirm
 * them.
 *
 * @returns the arguments as they are, by name
 */
export function unconfirmedArguments(
  family: string,
  given: Settings,
  shapes: Shapes,
): Readonly<Record<string, unknown>> {
  const { spec } = families.create(familySpec(family, given));
  const found = new Map<string, unknown>();
  for (const { option, value, denoiser, names } of changes(family, given)) {
    if (found.has(option) || !fits(shapes, denoiser, names)) continue;
    const other = families.create(familySpec(family, { ...given, [option]: value })).spec;
    if (!isSameNetwork(other, spec)) found.set(option, complete(family, given)[option] ?? null);
  }
  return Object.fromEntries(found);
}

/** The one argument of a reference with which a file of weights would fit, as a sentence; undefined where none is found. */
export function argumentThatFits(family: string, given: Settings, shapes: Shapes): string | undefined {
  for (const { option, value, denoiser, names } of changes(family, given)) {
    if (fits(shapes, denoiser, names)) {
      return `With "${option}": ${JSON.stringify(value)} the network would fit.`;
    }
  }
  return undefined;
}

type Shapes = Readonly<Record<string, readonly number[]>>;

function fits(shapes: Shapes, denoiser: Denoiser, names: TensorNames): boolean {
  return without(() => chooseWeights(shapes, denoiser, names, false)) !== undefined;
}

/** Every network that differs in one argument. */
function* changes(family: string, given: Settings): Iterable<Changed> {
  const now = complete(family, given);
  const { name } = familySpec(family, given);
  for (const [option, type] of Object.entries(families.get(name).schema.shape)) {
    for (const value of others(type, now[option])) {
      const made = without(() => {
        const { spec, names } = families.create(familySpec(family, { ...given, [option]: value }));
        return { option, value, denoiser: denoisers.create(spec), names };
      });
      if (made) yield made;
    }
  }
}

function complete(family: string, given: Settings): Settings {
  const { name, ...options } = familySpec(family, given);
  return families.get(name).schema.parse(options) as Settings;
}

/** Other values of an argument: the other flag, the other words, neighbouring and other usual numbers. */
function others(type: OptionType, now: unknown): unknown[] {
  if (typeof now === "boolean") return [!now];
  const words = jsonOf(type);
  const named = [words, ...(words.anyOf ?? [])].flatMap((one) => (one as { enum?: unknown[] }).enum ?? []);
  if (named.length > 0) return named.filter((word) => word !== now);
  if (typeof now === "number") {
    return [...new Set([2 * now, now / 2, now + 1, now - 1, 1, 4, 8, 32, 64])].filter(
      (value) => value !== now,
    );
  }
  return now === null || now === undefined ? [1, 8, 10, 32, 64, 1000] : [];
}

/** What is made, unless it is refused. */
function without<Value>(make: () => Value): Value | undefined {
  try {
    return make();
  } catch (error) {
    if (isDdpmError(error)) return undefined;
    throw error;
  }
}
