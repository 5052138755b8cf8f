import type { Sampler } from "@ddpm/core";
import type { OptionsSchema } from "@ddpm/core/authoring";
import { samplers } from "@ddpm/diffusion";
import { type Metric, metrics } from "@ddpm/metrics";
import { pluginKinds } from "../../plugins.ts";

/** One line of a list. */
export interface Entry {
  readonly name: string;
  readonly about: string;
  readonly source?: string;
  readonly facts?: Facts;
  readonly options?: readonly OptionEntry[];
}

/** An option of a plugin. */
export interface OptionEntry {
  readonly name: string;
  readonly about: string;
  readonly type: string;
  readonly default?: unknown;
}

/** What is known of a plugin with its default options. */
export interface Facts {
  /** For scripts. */
  readonly fields: Readonly<Record<string, unknown>>;
  /** For people. */
  readonly texts: readonly string[];
}

/** Facts of the kinds that have some. */
const factsOf: Readonly<Record<string, (name: string) => Facts>> = {
  samplers: (name) => samplerFacts(samplers.create(name)),
  metrics: (name) => metricFacts(metrics.create(name)),
};

/** Everything that `ddpm list` knows, by kind. */
export const kinds: Readonly<Record<string, () => readonly Entry[]>> = Object.fromEntries(
  Object.entries(pluginKinds).map(([kind, { plugins }]) => [
    kind,
    () =>
      plugins.map(({ name, about, source, schema }): Entry => {
        const facts = factsOf[kind]?.(name);
        return { name, about, source, ...(facts ? { facts } : {}), options: optionsOf(schema) };
      }),
  ]),
);

function samplerFacts({ order, calls = 1, adaptive = false, consistency }: Sampler): Facts {
  const stochastic = order === 0;
  return {
    fields: {
      order: stochastic ? null : order,
      stochastic,
      calls,
      adaptive,
      consistency: consistency !== undefined,
    },
    texts: [
      stochastic ? "adds noise" : `order ${order}, deterministic`,
      `${calls} network ${calls === 1 ? "call" : "calls"} a step`,
      ...(adaptive ? ["chooses its own steps"] : []),
      ...(consistency ? ["for consistency models"] : []),
    ],
  };
}

function metricFacts({ label, better, needs }: Metric): Facts {
  return { fields: { label, better, needs }, texts: [`${better} is better`, `needs ${needs.join(", ")}`] };
}

interface PropertySchema {
  readonly type?: string | readonly string[];
  readonly enum?: readonly unknown[];
  readonly description?: string;
  readonly default?: unknown;
  readonly minimum?: number;
  readonly maximum?: number;
}

function optionsOf(schema: OptionsSchema): OptionEntry[] {
  const { properties = {} } = schema.json();
  return Object.entries(properties as Record<string, PropertySchema>).map(([name, property]) => ({
    name,
    about: property.description ?? "",
    type: typeOf(property),
    ...(property.default === undefined ? {} : { default: property.default }),
  }));
}

function typeOf({ type: types = "any", enum: choices, minimum, maximum }: PropertySchema): string {
  if (choices) return choices.map((choice) => JSON.stringify(choice)).join(" | ");
  const bounds = [minimum, maximum].map((bound) =>
    bound === undefined || Math.abs(bound) >= Number.MAX_SAFE_INTEGER ? undefined : bound,
  );
  const type = [types].flat().join(" | ");
  if (bounds[0] === undefined && bounds[1] === undefined) return type;
  return `${type} ${bounds[0] ?? "…"} – ${bounds[1] ?? "…"}`;
}
