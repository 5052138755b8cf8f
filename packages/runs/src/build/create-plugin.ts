import { fail, type Registry } from "@ddpm/core";
import { type AnySpec, isModuleSpec } from "../config/spec.ts";

/** Creates the product of a plugin: a built-in one, or one from a module. */
export type CreatePlugin = <Product>(registry: Registry<Product>, spec: AnySpec) => Product;

/**
 * Creates a built-in plugin.
 *
 * @throws DdpmError for an unknown plugin or option, and for one from a module
 */
export const createBuiltIn: CreatePlugin = (registry, spec) => {
  if (!isModuleSpec(spec)) return registry.create(spec);
  return fail(
    "runs/build",
    `${spec.module} is a module, expected a built-in plugin.`,
    "Use the `ddpm` command.",
  );
};
