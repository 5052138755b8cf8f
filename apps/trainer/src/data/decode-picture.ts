import { fail, isDdpmError } from "@ddpm/core";
import { type Decoded, decodeImage } from "@ddpm/data/node";

/**
 * A picture as training sees one: upright, grey or coloured by the same rules, white behind what is transparent.
 *
 * @param size what to bring it to, the middle cut out; as it is when left out
 * @throws DdpmError for a file that does not decode, or channels that pictures do not have
 */
export async function decodePicture(
  path: string,
  channels: number,
  size?: readonly [height: number, width: number],
): Promise<Decoded> {
  if (channels !== 1 && channels !== 3)
    fail("images", `the network takes ${channels} channels, and pictures have 1 or 3.`);
  const look = { fit: "crop", kernel: "lanczos3", background: [255, 255, 255] } as const;
  try {
    return await decodeImage(undefined, path, { ...look, channels, size });
  } catch (cause) {
    if (!isDdpmError(cause)) throw cause;
    const why = cause.cause instanceof Error ? ` (${cause.cause.message.split("\n")[0]})` : "";
    return fail("images", `${path} does not decode${why}.`, "Give another picture.", { cause });
  }
}
