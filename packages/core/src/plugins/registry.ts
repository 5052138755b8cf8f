import { type ErrorPlace, fail } from "../errors/errors.ts";
import { nearest } from "./nearest.ts";
import type { Plugin } from "./plugin.ts";

/** What JSON says: a name alone, or a name with options. */
export type Spec = string | { readonly name: string; readonly [option: string]: unknown };

/** The plugins of one kind: a value to pass on, never a global. */
export interface Registry<Product> {
  /** What these are, e.g. `schedule`. */
  readonly kind: string;
  readonly plugins: readonly Plugin<never, Product>[];
  readonly names: readonly string[];
  /** @throws DdpmError for an unknown name, with the nearest one */
  get(name: string): Plugin<never, Product>;
  /** @throws DdpmError for an unknown name or option, or a value out of range */
  create(spec: Spec): Product;
  /** A new registry with these added; a plugin of the same name replaces the old one. */
  with(...more: readonly Plugin<never, Product>[]): Registry<Product>;
}

/**
 * Builds a {@link Registry} from plugins.
 *
 * @param where package and file of the list, for errors
 * @param kind  what one of its plugins is, e.g. `sampler`
 */
export function registry<Product>(
  where: ErrorPlace,
  kind: string,
  plugins: readonly Plugin<never, Product>[],
): Registry<Product> {
  const byName = new Map(plugins.map((plugin) => [plugin.name, plugin]));
  const names = [...byName.keys()];
  const get = (name: string): Plugin<never, Product> =>
    byName.get(name) ??
    fail(where, `unknown ${kind} "${name}": expected one of ${names.join(", ")}.`, nearest(name, names));
  return {
    kind,
    plugins: [...byName.values()],
    names,
    get,
    create(spec) {
      if (typeof spec === "string") return get(spec)();
      const { name, ...options } = spec;
      return get(name)(options as never);
    },
    with: (...more) => registry(where, kind, [...plugins, ...more]),
  };
}
