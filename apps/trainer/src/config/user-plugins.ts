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
import type { ErrorPlace } from "@ddpm/core/authoring";
import {
  type AnySpec,
  type CreatePlugin,
  createBuiltIn,
  isModuleSpec,
  type ModuleSpec,
} from "@ddpm/runs/authoring";
import { denoiserSuite, runChecks, samplerSuite, scheduleSuite } from "@ddpm/testing";
import type { Check } from "@ddpm/testing/authoring";
import { importUserModule } from "./import-user-module.ts";

/** What makes a product, built in or not. */
export type Make<Product> = () => Product;

/**
 * Loads the module of a spec where it names one.
 *
 * @returns what makes the product; it throws DdpmError for options that the plugin does not take
 * @throws DdpmError for a module that does not load, or has no such plugin
 */
export async function makerOf<Product>(registry: Registry<Product>, spec: AnySpec): Promise<Make<Product>> {
  if (!isModuleSpec(spec)) return () => registry.create(spec);
  const plugins = await load(spec.module);
  pluginOf(spec, plugins);
  return () => createFrom(registry, spec, plugins);
}

/**
 * Loads every module that a configuration names.
 *
 * @returns creates its plugins
 * @throws DdpmError for a module that does not load
 */
export async function loadModules(config: object): Promise<CreatePlugin> {
  const loaded = new Map<string, readonly Plugin<never, unknown>[]>();
  for (const module of modulesIn(config)) {
    if (!loaded.has(module)) loaded.set(module, await load(module));
  }
  return (registry, spec) =>
    isModuleSpec(spec)
      ? createFrom(registry, spec, loaded.get(spec.module) ?? [])
      : createBuiltIn(registry, spec);
}

function modulesIn(value: unknown): string[] {
  if (typeof value !== "object" || value === null) return [];
  const inner = Object.values(value).flatMap(modulesIn);
  return isModuleSpec(value) ? [value.module, ...inner] : inner;
}

function createFrom<Product>(
  registry: Registry<Product>,
  spec: ModuleSpec,
  plugins: readonly Plugin<never, unknown>[],
): Product {
  const { module: _, name: __, ...options } = spec;
  const found = pluginOf(spec, plugins) as Plugin<never, Product>;
  return registry.with(found).create({ ...options, name: found.name });
}

function pluginOf(
  { module, name }: ModuleSpec,
  plugins: readonly Plugin<never, unknown>[],
): Plugin<never, unknown> {
  const found =
    name === undefined && plugins.length === 1 ? plugins[0] : plugins.find((one) => one.name === name);
  if (found) return found;
  const known = plugins.map((one) => one.name);
  return fail(
    "cli/user-plugins",
    `${module} has ${known.length === 0 ? "no plugin" : `the plugins ${known.join(", ")}`}, and ${name ?? "none by name"} was asked for.`,
    "Export what `plugin({ … })` returns, and give its name where there are several.",
  );
}

/**
 * A spec that other programs understand: a built-in.
 *
 * @throws DdpmError for one from a module
 */
export function builtIn(spec: AnySpec, where: ErrorPlace): Spec {
  if (!isModuleSpec(spec)) return spec;
  return fail(
    where,
    `${spec.module} is a module of your own, which nobody else has.`,
    "Only built-in parts can be written for others.",
  );
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
    fail(
      "cli/user-plugins",
      `the module ${module} does not load: ${cause.message.split("\n")[0]}`,
      undefined,
      {
        cause,
      },
    ),
  );
  return Object.values(exports).filter(isPlugin);
}

function isPlugin(value: unknown): value is Plugin<never, unknown> {
  return typeof value === "function" && "schema" in value && "about" in value && "source" in value;
}
