import { fail, type Registry } from "@ddpm/core";
import { refuseKnownKinds } from "../listing/refused/refused-kinds.ts";
import type { DataFormat, Place } from "./format.ts";

/**
 * The name of the format that a place is in.
 *
 * @param description what is there, for the message where no format fits
 * @throws DdpmError for nothing known
 */
export async function recognised(
  place: Place,
  formats: Registry<DataFormat>,
  description: string,
): Promise<string> {
  const { listing, kind } = await place.contents();
  if (kind === undefined) refuseKnownKinds(listing);
  for (const name of formats.names) if (await formats.create(name).recognises(place)) return name;
  const known = formats.plugins.map(({ name, about }) => `\n  ${name}: ${about}`).join("");
  return fail("data/open", `${place.path} is ${description}, expected one of:${known}`);
}
