import { fail, type Spec } from "@ddpm/core";
import { denoisers } from "../denoisers.ts";
import { families } from "../families.ts";
import { groupsByChannels } from "./diffusers.ts";
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
 * Checks that two specs are one network, whatever they leave to defaults.
 *
 * @param theirs built from a reference's arguments
 * @param ours   the network whose weights are at hand
 * @throws DdpmError naming the first option that differs
 */
export function checkSameNetwork(where: string, theirs: Spec, ours: Spec): void {
  const [a, b] = [theirs, ours].map((spec) =>
    normal(complete(typeof spec === "string" ? { name: spec } : spec)),
  ) as [Record<string, unknown>, Record<string, unknown>];
  const said = (value: unknown): string => JSON.stringify(value) ?? "left out";
  const names = [...new Set([...Object.keys(a), ...Object.keys(b)])];
  const differs = names.find((name) => said(a[name]) !== said(b[name]));
  if (differs === undefined) return;
  fail(
    where,
    `its arguments build another network: ${differs} is ${said(a[differs])}, and the run's is ${said(b[differs])}.`,
  );
}

function complete(spec: Exclude<Spec, string>): Record<string, unknown> {
  const { name, ...given } = spec;
  return { name, ...(denoisers.get(name).schema.parse(given) as object) };
}

/** Without what makes no difference: how the paper's network counts groups, as long as they come out the same. */
function normal(options: Record<string, unknown>): Record<string, unknown> {
  if (options.name !== "ho") return options;
  const { groups: _, groupSize: __, ...rest } = options;
  return { ...rest, groups: [...groupsByChannels(options as never).values()] };
}
