import type { ErrorPlace } from "@ddpm/core/authoring";
import { refuse } from "../refuse.ts";

/** A grey level 0..255, or one byte per channel. */
export type Colour = number | readonly number[];

/**
 * A colour as the bytes of one pixel. A grey level fits any picture and is opaque; RGB fits RGBA and is opaque.
 *
 * @param where the function that was called, named in the error
 * @throws if the number of channels does not fit, or a value is no byte
 */
export function colourBytes(where: ErrorPlace, colour: Colour, channels: number): readonly number[] {
  const given =
    typeof colour === "number" ? Array.from({ length: Math.min(channels, 3) }, () => colour) : colour;
  const bytes = channels === 4 && given.length === 3 ? [...given, 255] : given;
  if (bytes.length !== channels)
    refuse(
      where,
      `background [${given.join(", ")}] for ${channels} channel(s)`,
      "Give a grey level, or one byte per channel.",
    );
  for (const byte of bytes)
    if (!Number.isInteger(byte) || byte < 0 || byte > 255)
      refuse(where, `background [${bytes.join(", ")}]`, "Give whole numbers from 0 to 255.");
  return bytes;
}
