import type { OptionShape, OptionsInput, OptionsOutput } from "./option-type.ts";
import { type OptionsSchema, optionsSchema } from "./options-schema.ts";

/**
 * A factory that knows its own name, source and options, so that a config file, a `list` command and a
 * user interface need nothing else. Call it for the product: `cosine({ steps: 600 })`.
 */
export interface Plugin<Options, Product> {
  (options?: Options): Product;
  /** What JSON calls it. */
  readonly name: string;
  /** One sentence. */
  readonly about: string;
  /** Paper and equation, or the reference file. */
  readonly source: string;
  /** The options with ranges, defaults and meanings. */
  readonly schema: OptionsSchema;
}

/** What a plugin file writes down; see {@link plugin}. */
export interface PluginDefinition<Shape extends OptionShape, Product> {
  readonly name: string;
  readonly about: string;
  readonly source: string;
  /**
   * A type per option, each with `.describe(meaning)` and, unless required, `.default(value)`: `option.number()`, a type of
   * zod, or another Standard Schema.
   */
  readonly options: Shape;
  /** Makes the product from checked, complete options. */
  create(options: OptionsOutput<Shape>): Product;
}

/** See {@link plugin}. */
export type MakePlugin = <Shape extends OptionShape, Product>(
  definition: PluginDefinition<Shape, Product>,
) => Plugin<OptionsInput<Shape>, Product>;

/**
 * Turns a definition into a callable {@link Plugin} that checks its options on every call.
 *
 * @throws DdpmError from the returned factory: unknown option (with the nearest name), one that is missing (with its meaning),
 *   or a value out of range
 */
export const plugin: MakePlugin = (definition) => made("plugin", definition);

/**
 * {@link plugin} for the plugins of one package, which their errors name.
 *
 * @param owner name of the package without its scope, e.g. `schedules`
 */
export function pluginsOf(owner: string): MakePlugin {
  return (definition) => made(owner, definition);
}

function made<Shape extends OptionShape, Product>(
  owner: string,
  definition: PluginDefinition<Shape, Product>,
): Plugin<OptionsInput<Shape>, Product> {
  const { name, about, source, create } = definition;
  const schema = optionsSchema(`${owner}/${name}`, definition.options);
  const factory = (options: unknown = {}): Product => create(schema.parse(options) as OptionsOutput<Shape>);
  Object.defineProperty(factory, "name", { value: name });
  return Object.assign(factory, { about, source, schema }) as unknown as Plugin<OptionsInput<Shape>, Product>;
}
