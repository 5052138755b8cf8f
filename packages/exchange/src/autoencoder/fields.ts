import { option } from "@ddpm/core";
import type { OptionShape } from "@ddpm/core/authoring";
import { camelCased, snakeCased, stated } from "../network/reference-options.ts";

/** A network whose options are the fields of a `config.json` in camel case. */
interface Network {
  readonly schema: { readonly shape: Readonly<Record<string, unknown>> };
}

/** Fields of diffusers' autoencoders that say nothing of the network. */
const NOTES = ["_class_name", "_diffusers_version", "_name_or_path", "force_upcast", "sample_size"] as const;

/**
 * The fields of a `config.json` of diffusers, from the options of our network.
 *
 * @param ours    options that the reference lacks
 * @param ignored more fields that say nothing of the network
 */
export function diffusersFields(
  { schema }: Network,
  { ours = [], ignored = [] }: { readonly ours?: readonly string[]; readonly ignored?: readonly string[] },
): OptionShape {
  const shared = Object.entries(schema.shape).filter(([name]) => !ours.includes(name));
  const unused = option
    .custom("anything", () => true)
    .optional()
    .describe("not used by the network");
  return {
    ...(snakeCased(Object.fromEntries(shared)) as OptionShape),
    ...Object.fromEntries([...NOTES, ...ignored].map((name) => [name, unused])),
  };
}

/** Our options from such fields: what is given, without what says nothing of the network. */
export function optionsOf(given: object, { schema }: Network): Record<string, unknown> {
  const options = Object.entries(stated(camelCased({ ...given })));
  return Object.fromEntries(options.filter(([name]) => name in schema.shape));
}
