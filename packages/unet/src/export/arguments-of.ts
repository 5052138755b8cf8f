import { fail, type Spec } from "@ddpm/core";
import { denoisers } from "../denoisers.ts";
import { families } from "../families.ts";
import { resolved } from "./resolved.ts";
import { writers } from "./writers.ts";

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
  const where = `unet/${family}`;
  const writer = writers[families.get(family).name];
  if (!writer) return fail(where, "nothing is known of how it builds a network.", "Say so with a config.");
  if (!writer.denoisers.includes(given.name)) {
    fail(where, `it has no network like "${given.name}", only like ${writer.denoisers.join(", ")}.`);
  }
  const found = writer.arguments(complete(given) as never, size);
  checkSameNetwork(where, families.create({ name: family, ...found }).spec, spec);
  return found;
}

/**
 * Checks that two specs are one network: options count as what they resolve to, see {@link resolved}.
 *
 * @param theirs built from a reference's arguments
 * @param ours   the network whose weights are at hand
 * @throws DdpmError naming the first option that differs
 */
export function checkSameNetwork(where: string, theirs: Spec, ours: Spec): void {
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

function complete(spec: Exclude<Spec, string>): Record<string, unknown> {
  const { name, ...given } = spec;
  return { name, ...(denoisers.get(name).schema.parse(given) as object) };
}
