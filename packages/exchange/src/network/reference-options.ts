import type * as z from "zod";

type Values = Readonly<Record<string, unknown>>;

/** A network whose options carry its reference's names. */
interface Network {
  readonly schema: { readonly shape: Readonly<Record<string, unknown>> };
}

/** Which of a network's options are not, or not quite, arguments of its reference. */
export interface OtherOptions {
  /** Options of ours that the reference lacks. */
  readonly ours: readonly string[];
  /** Arguments that the reference has no default for, whatever the network's is. */
  readonly required?: readonly string[];
}

/** Options that a run decides, and that no reference has. */
const OURS = ["imageChannels", "outputs", "classNone", "learnsVariance"];

/** The arguments of a reference: the options of our network under Python's names. */
export function referenceOptions(
  { schema }: Network,
  { ours, required = [] }: OtherOptions,
): Record<string, z.ZodType> {
  const shape = schema.shape as Readonly<Record<string, z.ZodType>>;
  const shared = Object.entries(shape).filter(
    ([name]) => !name.startsWith("_") && !OURS.includes(name) && !ours.includes(name),
  );
  return snakeCased(
    Object.fromEntries(
      shared.map(([name, type]) => [name, required.includes(name) ? withoutDefault(type) : type]),
    ),
  );
}

/** A type without its default: it must be given. */
function withoutDefault(type: z.ZodType): z.ZodType {
  const inner = (type as z.ZodDefault<z.ZodType>).unwrap();
  return type.description === undefined ? inner : inner.describe(type.description);
}

/** Names as Python writes them, `layers_per_block`, as JavaScript does, `layersPerBlock`; the values are the same. */
export function camelCased(values: Values): Record<string, unknown> {
  return renamed(values, (name) => name.replace(/_([a-z0-9])/g, (_, letter: string) => letter.toUpperCase()));
}

/** The inverse of {@link camelCased}. */
export function snakeCased<Value>(values: Readonly<Record<string, Value>>): Record<string, Value> {
  return renamed(values, (name) => name.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`));
}

/** A network's options that its reference has, under Python's names. */
export function argumentsIn(
  options: Readonly<Record<string, z.ZodType>>,
  given: object,
): Record<string, unknown> {
  const named = snakeCased(given as Values);
  return Object.fromEntries(Object.keys(options).map((name) => [name, named[name] ?? null]));
}

/** What is neither undefined nor null. */
export function stated(values: Values): Record<string, unknown> {
  return Object.fromEntries(
    Object.entries(values).filter(([, value]) => value !== undefined && value !== null),
  );
}

function renamed<Value>(
  values: Readonly<Record<string, Value>>,
  rename: (name: string) => string,
): Record<string, Value> {
  return Object.fromEntries(Object.entries(values).map(([name, value]) => [rename(name), value]));
}
