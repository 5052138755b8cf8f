import { type Plugin, type Registry, registry, type Spec } from "@ddpm/core";
import type { OptionShape, PluginDefinition } from "@ddpm/core/authoring";
import { plugin } from "./plugin.ts";
import type { TensorNames } from "./weights/names.ts";

/** Complete options of one of our networks, defaults filled in. */
export type Options = Readonly<Record<string, unknown>>;

/** A network that a reference's arguments describe. */
export interface ReferenceNetwork {
  /** The same network from our registry of denoisers. */
  readonly spec: Exclude<Spec, string>;
  /** Names and layouts of its tensors in the reference's files. */
  readonly names: TensorNames;
}

/** One of our networks that a reference has, too: the way back, and what makes two sets of options one network. */
export interface Counterpart {
  /**
   * The reference's arguments that come nearest; the caller builds the network from them and compares.
   *
   * @param options complete options of our network, and its name
   * @param size    [H, W] of the images
   * @throws DdpmError where the reference has no such network
   */
  arguments(
    options: never,
    size: readonly [height: number, width: number],
  ): Readonly<Record<string, unknown>>;
  /** Replaces options that follow from others, or have no effect, by one value each; left out, all count as given. */
  resolve?(options: never): object;
}

/** Reference code whose networks and weights are read and written; its options are the reference's constructor arguments. */
export interface Family extends Plugin<never, ReferenceNetwork> {
  /** Our networks that the reference has, by their names in the registry of denoisers. */
  readonly networks: Readonly<Record<string, Counterpart>>;
}

/** What the file of a family states; see {@link Family}. */
export interface FamilyDefinition<Shape extends OptionShape>
  extends PluginDefinition<Shape, ReferenceNetwork> {
  readonly networks: Readonly<Record<string, Counterpart>>;
}

/** Makes a {@link Family} of its definition. */
export function family<Shape extends OptionShape>(definition: FamilyDefinition<Shape>): Family {
  const { networks } = definition;
  return Object.assign(plugin(definition), { networks }) as Family;
}

/** The registry of families. */
export interface Families extends Registry<ReferenceNetwork> {
  readonly plugins: readonly Family[];
  /** @throws DdpmError for an unknown name, with the nearest one */
  get(name: string): Family;
  with(...more: readonly Family[]): Families;
}

/** Builds the registry of these families. */
export function familyRegistry(list: readonly Family[]): Families {
  const all = registry("exchange/family", "family", list);
  return {
    ...all,
    plugins: list,
    get: (name) => list.findLast((one) => one.name === all.get(name).name)!,
    with: (...more) => familyRegistry([...list, ...more]),
  };
}
