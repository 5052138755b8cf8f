import { fail } from "@ddpm/core";
import { dhariwal, song } from "@ddpm/unet";
import { edmAttention, type SongOptions } from "@ddpm/unet/authoring";
import { type Family, family } from "../../family.ts";
import { camelCased, stated } from "../../network/reference-options.ts";
import { argumentsOf } from "./arguments.ts";
import { type EdmNamesOptions, edmNames } from "./names.ts";
import { ofBoth, ofSong, options } from "./options.ts";

/** Networks and state dicts of NVlabs/edm: DDPM++, NCSN++, ADM, alone or inside their preconditioning. */
export const edm: Family = family({
  name: "edm",
  about: "SongUNet and DhariwalUNet of NVlabs/edm.",
  source: "NVlabs/edm training/networks.py",
  options,
  networks: {
    song: { arguments: argumentsOf, resolve },
    dhariwal: { arguments: argumentsOf, resolve },
  },
  create(given) {
    const theirs = given as unknown as EdmArguments;
    const adm = theirs.model_type === "DhariwalUNet";
    const inChannels =
      theirs.in_channels ??
      theirs.img_channels ??
      fail("exchange/edm", "neither in_channels nor img_channels is given.");
    const usualOut = theirs.precond === "iDDPMPrecond" ? 2 * inChannels : inChannels;
    const known = Object.keys({ ...ofBoth, ...(adm ? {} : ofSong) });
    const named = camelCased(
      stated(Object.fromEntries(known.map((name) => [name, (given as Record<string, unknown>)[name]]))),
    );
    const { modelChannels, channelMult, numBlocks, attnResolutions } = (adm ? dhariwal : song).schema.parse(
      named,
    ) as Defaults;
    const spec = {
      ...named,
      ...{ modelChannels, channelMult, numBlocks, attnResolutions },
      name: adm ? "dhariwal" : "song",
      inChannels,
      outChannels: theirs.out_channels ?? usualOut,
    };
    return {
      spec,
      names: edmNames({
        ...theirs,
        adm,
        sides: channelMult.map((_, level) => theirs.img_resolution >> level),
        headsOf: (count) => (adm ? Math.floor(count / 64) : 1),
      }),
    };
  },
});

interface EdmArguments extends Omit<EdmNamesOptions, "adm" | "sides" | "headsOf"> {
  readonly model_type: "SongUNet" | "DhariwalUNet";
  readonly img_resolution: number;
  readonly img_channels?: number;
  readonly in_channels?: number;
  readonly out_channels?: number;
}

/** Options whose defaults differ between the two networks. */
type Defaults = Required<
  Pick<SongOptions, "modelChannels" | "channelMult" | "numBlocks" | "attnResolutions">
>;

/** Levels with attention, however they are named. */
function resolve(given: Parameters<typeof edmAttention>[0]): object {
  return { imgResolution: undefined, attnResolutions: undefined, attention: edmAttention(given) };
}
