import { fail, type Spec } from "@ddpm/core";
import type { ErrorPlace } from "@ddpm/core/authoring";
import { denoisers } from "@ddpm/unet";
import { families } from "../families/index.ts";
import type { Options } from "../family.ts";
import { resolvedBy } from "./resolved.ts";

/**
 * The arguments by which a reference builds a network of ours: for exports of networks that were not imported.
 *
 * @param family of the registry `families`
 * @param spec   of a network of ours
 * @param size   [H, W] of the images
 * @throws DdpmError saying why the reference has no such network
 */
export function argumentsOf(
  family: string,
  spec: Spec,
  size: readonly [height: number, width: number],
): Readonly<Record<string, unknown>> {
  const given = typeof spec === "string" ? { name: spec } : spec;
  const where: ErrorPlace = `exchange/${family}`;
  const { networks } = families.get(family);
  const counterpart = networks[given.name];
  if (!counterpart) {
    const known = Object.keys(networks).join(", ");
    return fail(where, `it has no network like "${given.name}", only like ${known}.`);
  }
  const found = counterpart.arguments(complete(given) as never, size);
  checkSameNetwork(where, families.create({ name: family, ...found }).spec, spec);
  return found;
}

/**
 * Checks that two specs are one network: options count as what they resolve to, see {@link resolved}.
 *
 * @param theirs built from a reference's arguments
 * @param ours   the network of the run
 * @throws DdpmError naming the first option that differs
 */
export function checkSameNetwork(where: ErrorPlace, theirs: Spec, ours: Spec): void {
  const found = difference(theirs, ours);
  if (!found) return;
  const [name, a, b] = found;
  fail(where, `its arguments build another network: ${name} is ${a}, and the run's is ${b}.`);
}

/** Whether two specs are one network: options count as what they resolve to. */
export function isSameNetwork(one: Spec, other: Spec): boolean {
  return difference(one, other) === undefined;
}

/** The first option that differs, and its values as JSON. */
function difference(one: Spec, other: Spec): readonly [name: string, a: string, b: string] | undefined {
  const [a, b] = [resolved(one), resolved(other)];
  const text = (value: unknown): string => JSON.stringify(value) ?? "left out";
  const names = [...new Set([...Object.keys(a), ...Object.keys(b)])];
  const name = names.find((name) => text(a[name]) !== text(b[name]));
  return name === undefined ? undefined : [name, text(a[name]), text(b[name])];
}

/**
 * A network's options as what they resolve to, by the rules of the family that has it; see `resolvedBy`.
 *
 * @throws DdpmError for an unknown network or option
 */
export function resolved(spec: Spec): Options {
  const given = typeof spec === "string" ? { name: spec } : spec;
  const known = families.plugins.find(({ networks }) => given.name in networks);
  return resolvedBy(known?.networks[given.name]?.resolve, complete(given));
}

function complete(spec: Exclude<Spec, string>): Record<string, unknown> {
  const { name, ...given } = spec;
  return { name, ...(denoisers.get(name).schema.parse(given) as object) };
}
