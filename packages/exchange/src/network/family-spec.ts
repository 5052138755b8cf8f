import { fail } from "@ddpm/core";

/**
 * The spec of a family's network by the reference's own configuration, without notes such as `_diffusers_version`.
 *
 * @throws DdpmError for a diffusers model of another class
 */
export function familySpec(
  family: string,
  config: Readonly<Record<string, unknown>>,
): { name: string; [option: string]: unknown } {
  const options = Object.entries(config).filter(([key]) => !key.startsWith("_") && key !== "name");
  return { ...Object.fromEntries(options), name: familyOf(family, config._class_name) };
}

/** The families of diffusers' networks, by the class that a configuration names. */
const diffusersClasses: ReadonlyMap<unknown, string> = new Map([
  ["UNet2DModel", "diffusers"],
  ["UNet2DConditionModel", "diffusers-condition"],
]);

function familyOf(family: string, model: unknown): string {
  if (family !== "diffusers" || model === undefined) return family;
  const known = [...diffusersClasses.keys()].join(" or ");
  return (
    diffusersClasses.get(model) ??
    fail("exchange/diffusers", `the network is a ${String(model)}, expected a ${known}.`)
  );
}
