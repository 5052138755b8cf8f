import type { DhariwalOptions, SongOptions } from "@ddpm/unet/authoring";
import { channelCounts } from "../../network/channel-counts.ts";
import { argumentsIn } from "../../network/reference-options.ts";
import { ofBoth, ofSong } from "./options.ts";

type Song = Required<SongOptions> & { readonly name: "song" };
type Dhariwal = Required<DhariwalOptions> & { readonly name: "dhariwal" };

/** Arguments of EDM's SongUNet and DhariwalUNet. */
export function argumentsOf(given: Song | Dhariwal): Readonly<Record<string, unknown>> {
  const { taken, made } = channelCounts(given);
  const known = { ...ofBoth, ...(given.name === "song" ? ofSong : {}) };
  return {
    model_type: given.name === "song" ? "SongUNet" : "DhariwalUNet",
    ...argumentsIn(known, { ...given, inChannels: taken, outChannels: made }),
  };
}
