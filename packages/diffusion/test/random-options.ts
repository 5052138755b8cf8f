import type { Plugin, Random } from "@ddpm/core";

/** One of several values. */
export function oneOf<Value>(random: Random, values: readonly Value[]): Value {
  return values[Math.min(Math.floor(random.uniform() * values.length), values.length - 1)]!;
}

/** What a JSON schema says about one option. */
interface Described {
  readonly enum?: readonly unknown[];
  readonly type?: string;
  readonly minimum?: number;
  readonly maximum?: number;
  readonly exclusiveMinimum?: number;
  readonly exclusiveMaximum?: number;
}

/** A value that an option allows, often one at its edge; undefined where only a person can think of one. */
function drawnValue(random: Random, described: Described): unknown {
  if (described.enum) return oneOf(random, described.enum);
  if (described.type === "boolean") return random.uniform() < 0.5;
  const { minimum, maximum, exclusiveMinimum, exclusiveMaximum } = described;
  const fits = (value: number): boolean =>
    value >= (minimum ?? Number.NEGATIVE_INFINITY) &&
    value <= (maximum ?? Number.POSITIVE_INFINITY) &&
    value > (exclusiveMinimum ?? Number.NEGATIVE_INFINITY) &&
    value < (exclusiveMaximum ?? Number.POSITIVE_INFINITY);
  const whole = described.type === "integer";
  if (!whole && described.type !== "number") return undefined;
  const values = whole ? [0, 1, 2, 3, 4, 7, 50] : [0, 0.001, 0.1, 0.3, 0.5, 0.9, 1, 1.003, 2, 7, 40];
  return oneOf(
    random,
    values.filter((value) => fits(value)),
  );
}

/**
 * Options that a plugin takes, drawn from its schema: each left out half of the time.
 *
 * @param fixed options that are not drawn
 */
export function randomOptions(
  random: Random,
  { schema }: Plugin<never, unknown>,
  fixed: Readonly<Record<string, unknown>> = {},
): Record<string, unknown> {
  const { properties = {} } = schema.json();
  const options: Record<string, unknown> = {};
  for (const [name, described] of Object.entries(properties)) {
    if (name in fixed || random.uniform() < 0.5) continue;
    const value = drawnValue(random, described as Described);
    if (value !== undefined) options[name] = value;
  }
  return { ...options, ...fixed };
}
