import { resolve } from "node:path";
import {
  type Denoiser,
  fail,
  type NoiseSchedule,
  type Plugin,
  type Registry,
  type Sampler,
  type Spec,
} from "@ddpm/core";
import { type Check, denoiserSuite, runChecks, samplerSuite, scheduleSuite } from "@ddpm/testing";
import { importUserModule } from "./import-user-module.ts";

/** A plugin of the user's own: `{ "module": "./my-schedule.js", "steps": 500 }`, with `name` where the file has several. */
export interface ModuleSpec {
  readonly module: string;
  readonly name?: string | undefined;
  readonly [option: string]: unknown;
}

/** A built-in by name, or one from a module. */
export type AnySpec = string | { readonly name: string; readonly [option: string]: unknown } | ModuleSpec;

/** What makes a product, built in or not. */
export type Make<Product> = () => Product;

/**
 * Finds the plugin that a spec names: in the registry, or in the module it comes from.
 *
 * @throws DdpmError for a module that does not load, or has no such plugin; from the function returned, for options
 *   that it does not take
 */
export async function makerOf<Product>(registry: Registry<Product>, spec: AnySpec): Promise<Make<Product>> {
  if (!isModuleSpec(spec)) return () => registry.create(spec);
  const { module, name, ...options } = spec;
  const plugins = (await load(module)) as readonly Plugin<never, Product>[];
  const found =
    name === undefined && plugins.length === 1 ? plugins[0] : plugins.find((one) => one.name === name);
  if (!found) {
    const known = plugins.map((one) => one.name);
    fail(
      "config",
      `${module} has ${known.length === 0 ? "no plugin" : `the plugins ${known.join(", ")}`}, and ${name ?? "none by name"} was asked for.`,
      "Export what `plugin({ … })` returns, and say its name where there are several.",
    );
  }
  return () => registry.with(found).create({ ...options, name: found.name });
}

/**
 * A spec that can be told to others: a built-in.
 *
 * @throws DdpmError for one from a module
 */
export function builtIn(spec: AnySpec, where: string): Spec {
  if (!isModuleSpec(spec)) return spec;
  return fail(
    where,
    `${spec.module} is a module of your own, which nobody else has.`,
    "Only built-in parts can be written for others.",
  );
}

/** Whether a spec names a module. */
export function isModuleSpec(spec: unknown): spec is ModuleSpec {
  return typeof spec === "object" && spec !== null && "module" in spec && typeof spec.module === "string";
}

/** The same description with the paths of its modules made absolute, whatever file they were written in. */
export function withAbsoluteModules<Value>(value: Value, base: string): Value {
  if (Array.isArray(value)) return value.map((inner) => withAbsoluteModules(inner, base)) as Value;
  if (typeof value !== "object" || value === null) return value;
  const entries = Object.entries(value).map(([key, inner]) => {
    const local = key === "module" && typeof inner === "string" && /^\.{1,2}\//.test(inner);
    return [key, local ? resolve(base, inner) : withAbsoluteModules(inner, base)];
  });
  return Object.fromEntries(entries) as Value;
}

/** How to make those parts of a run that have a conformance suite, and which of them are to be put to it. */
export interface Parts {
  readonly schedule: Make<NoiseSchedule>;
  readonly sampler: Make<Sampler>;
  readonly denoiser: Make<Denoiser>;
  readonly own: { readonly [part in "schedule" | "sampler" | "denoiser"]: boolean };
}

/**
 * Runs the conformance suites on plugins that nobody here has tested.
 *
 * @throws DdpmError naming every promise that is broken
 */
export async function checkPlugins({ schedule, sampler, denoiser, own }: Parts): Promise<void> {
  const suites: readonly (readonly [kind: string, checks: readonly Check[]])[] = [
    ...(own.schedule ? [["schedule", scheduleSuite(schedule)] as const] : []),
    ...(own.sampler ? [["sampler", samplerSuite(sampler, { schedules: [schedule()] })] as const] : []),
    ...(own.denoiser ? [["denoiser", denoiserSuite(denoiser)] as const] : []),
  ];
  for (const [kind, checks] of suites) await runChecks(`the ${kind} from your module`, checks);
}

async function load(module: string): Promise<readonly Plugin<never, unknown>[]> {
  const exports = await importUserModule(module).catch((cause: Error) =>
    fail("config", `the module ${module} does not load: ${cause.message.split("\n")[0]}`, undefined, {
      cause,
    }),
  );
  return Object.values(exports).filter(isPlugin);
}

function isPlugin(value: unknown): value is Plugin<never, unknown> {
  return typeof value === "function" && "schema" in value && "about" in value && "source" in value;
}
