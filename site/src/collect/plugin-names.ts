import type { Place } from "../reference/entry-pages.ts";
import type { PluginKind } from "../reference/plugin-pages.ts";

/** Where a plugin is described, and the constant that makes it. */
export interface PluginName {
  readonly kind: string;
  readonly page: string;
  readonly plugin: string;
  /** The constant in a program; undefined where a registry alone has it. */
  readonly name?: string;
}

/**
 * The constants of all plugins: the JSON name in camel case, with the kind after it where a schedule has the plain name.
 *
 * @param isPlugin whether a public name is a plugin
 */
export function pluginNames(
  kinds: readonly PluginKind[],
  places: ReadonlyMap<string, Place>,
  isPlugin: (name: string) => boolean,
): readonly PluginName[] {
  const taken = new Set<string>();
  return kinds.flatMap(({ kind, page, entries }) =>
    entries.map(({ name: plugin }) => {
      const camel = plugin.replaceAll(/-(\w)/g, (_, letter: string) => letter.toUpperCase());
      const suffix = (kind === "times" ? "time" : kind.split("-").at(-1)!).replace(/s$/, "");
      const withKind = `${camel}${suffix[0]!.toUpperCase()}${suffix.slice(1)}`;
      const name = [withKind, camel].find((one) => places.has(one) && !taken.has(one) && isPlugin(one));
      if (name) taken.add(name);
      return { kind, page, plugin, ...(name ? { name } : {}) };
    }),
  );
}
