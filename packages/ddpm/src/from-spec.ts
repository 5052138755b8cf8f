import type { Registry, Spec } from "@ddpm/core";

/**
 * The value that is given, or the plugin that a name, or a name with options, stands for.
 *
 * @param method a function of every such value, which distinguishes it from a name with options
 * @throws DdpmError for an unknown name or option, or a value out of range
 */
export function fromSpec<Product extends object>(
  given: Product | Spec,
  plugins: Registry<Product>,
  method: keyof Product,
): Product {
  const isValue = typeof given === "object" && typeof (given as Product)[method] === "function";
  return isValue ? (given as Product) : plugins.create(given as Spec);
}
