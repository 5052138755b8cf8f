import { backends } from "@ddpm/backends";
import type { Sampler } from "@ddpm/core";
import { nearest } from "@ddpm/core/authoring";
import { samplers } from "@ddpm/diffusion";
import { Argument, Command } from "commander";
import pc from "picocolors";
import { z } from "zod";
import { createReporter } from "../output/reporter.ts";
import { UsageError } from "../output/usage.ts";
import { pluginKinds } from "../plugins.ts";
import { presets } from "../presets/index.ts";

interface Entry {
  readonly name: string;
  readonly about: string;
  readonly source?: string;
  readonly facts?: SamplerFacts;
  readonly options?: readonly OptionEntry[];
}

/** What a sampler does with its default options. */
interface SamplerFacts {
  /** Convergence order on the probability-flow ODE; null for one that adds noise. */
  readonly order: number | null;
  readonly stochastic: boolean;
  /** Network calls of a usual step. */
  readonly calls: number;
  /** Chooses its own steps. */
  readonly adaptive: boolean;
  /** Made for the guesses of consistency models. */
  readonly consistency: boolean;
}

interface OptionEntry {
  readonly name: string;
  readonly about: string;
  readonly type: string;
  readonly default?: unknown;
}

const kinds: Readonly<Record<string, () => readonly Entry[]>> = {
  ...Object.fromEntries(
    Object.entries(pluginKinds).map(([kind, { plugins }]) => [
      kind,
      () =>
        plugins.map(({ name, about, source, schema }) => ({
          name,
          about,
          source,
          ...(kind === "samplers" ? { facts: factsOf(samplers.create(name)) } : {}),
          options: optionsOf(schema),
        })),
    ]),
  ),
  presets: () => presets.map(({ name, about = "" }) => ({ name, about })),
  backends: () => backends.map(({ name, about }) => ({ name, about })),
};

function factsOf({ order, calls = 1, adaptive = false, consistency }: Sampler): SamplerFacts {
  const stochastic = order === 0;
  return {
    order: stochastic ? null : order,
    stochastic,
    calls,
    adaptive,
    consistency: consistency !== undefined,
  };
}

interface PropertySchema {
  readonly type?: string;
  readonly enum?: readonly unknown[];
  readonly description?: string;
  readonly default?: unknown;
  readonly minimum?: number;
  readonly maximum?: number;
}

function optionsOf(schema: z.ZodObject): OptionEntry[] {
  const { properties = {} } = z.toJSONSchema(schema, { io: "input", unrepresentable: "any" });
  return Object.entries(properties as Record<string, PropertySchema>).map(([name, property]) => ({
    name,
    about: property.description ?? "",
    type: typeOf(property),
    ...(property.default === undefined ? {} : { default: property.default }),
  }));
}

function typeOf({ type, enum: choices, minimum, maximum }: PropertySchema): string {
  if (choices) return choices.map((choice) => JSON.stringify(choice)).join(" | ");
  const bounds = [minimum, maximum].map((bound) =>
    bound === undefined || Math.abs(bound) >= Number.MAX_SAFE_INTEGER ? undefined : bound,
  );
  if (bounds[0] === undefined && bounds[1] === undefined) return type ?? "any";
  return `${type} ${bounds[0] ?? "…"} – ${bounds[1] ?? "…"}`;
}

/** `ddpm list`: what there is, with options and sources. */
export function listCommand(): Command {
  return new Command("list")
    .description("what there is: schedules, samplers, denoisers, presets, backends …")
    .addArgument(new Argument("[kind]", `one of ${Object.keys(kinds).join(", ")}`))
    .addHelpText("after", "\nExamples:\n  ddpm list\n  ddpm list schedules\n  ddpm list samplers --json")
    .action((kind: string | undefined, _options, command: Command) => {
      const reporter = createReporter(Boolean(command.optsWithGlobals().json));
      if (kind !== undefined && !(kind in kinds)) {
        const names = Object.keys(kinds);
        const hint = nearest(kind, names);
        throw new UsageError(
          `nothing is called "${kind}": expected one of ${names.join(", ")}. ${hint ?? ""}`.trimEnd(),
        );
      }
      for (const [name, entries] of Object.entries(kinds)) {
        if (kind !== undefined && kind !== name) continue;
        reporter.event({ event: "kind", kind: name }, pc.bold(name));
        const all = entries();
        const width = Math.max(18, ...all.map((entry) => entry.name.length));
        for (const entry of all) {
          const { facts, ...rest } = entry;
          const text = describe(entry, width, kind !== undefined);
          reporter.event({ event: "entry", kind: name, ...rest, ...facts }, text);
        }
      }
    });
}

function describe({ name, about, source, facts, options = [] }: Entry, width: number, full: boolean): string {
  const head = `  ${pc.cyan(name.padEnd(width))} ${about}`;
  if (!full) return head;
  const lines = options.map((option) => {
    const standard = option.default === undefined ? "" : pc.dim(` (${JSON.stringify(option.default)})`);
    return `      ${option.name}: ${pc.dim(option.type)} ${option.about}${standard}`;
  });
  const said = facts ? [`      ${inWords(facts)}`] : [];
  return [head, ...said, ...(source ? [`      ${pc.dim(source)}`] : []), ...lines].join("\n");
}

function inWords({ order, calls, adaptive, consistency }: SamplerFacts): string {
  return [
    order === null ? "adds noise" : `order ${order}, deterministic`,
    `${calls} network ${calls === 1 ? "call" : "calls"} a step`,
    ...(adaptive ? ["chooses its own steps"] : []),
    ...(consistency ? ["for consistency models"] : []),
  ].join(" · ");
}
