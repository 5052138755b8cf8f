import { fail, isDdpmError } from "@ddpm/core";
import { checkedBy, type ImageShape, type OptionsSchema } from "@ddpm/core/authoring";
import { decodeImage, formats } from "@ddpm/data/node";
import { type DecodeOptions, pictureSize } from "@ddpm/data/node/authoring";
import type { RunConfig } from "../../config/schema.ts";
import { streamSettings } from "../../config/stream-settings.ts";
import { middleOf } from "./cropped.ts";
import type { PreparedPicture } from "./prepared-picture.ts";

/** How a run prepares its images: the settings of its data, and what its network takes. */
export interface Preparation {
  readonly data: RunConfig["data"];
  /** [H, W, C] */
  readonly shape: ImageShape;
}

/** Settings that say how any image becomes one of the run's; the others choose images. */
const PREPARING = ["fit", "kernel", "background", "skipBad", "flippable", "layout"];

/**
 * The settings of a run's data that prepare images from anywhere, with the size and channels of its network. Where
 * training cuts out pieces (`crop`), the size is that of the images before.
 */
export function preparingSettings({ data, shape }: Preparation): Readonly<Record<string, unknown>> {
  const [height, width, channels] = shape;
  const { crop } = streamSettings(data).stream;
  const size = (crop === undefined ? undefined : data.size) ?? (height === width ? height : [height, width]);
  const kept = Object.entries(data).filter(([name]) => PREPARING.includes(name));
  return { ...Object.fromEntries(kept), size, channels };
}

/** Those of some settings that a schema has and takes. */
export function takenBy(
  { shape }: OptionsSchema,
  settings: Readonly<Record<string, unknown>>,
): Readonly<Record<string, unknown>> {
  return Object.fromEntries(
    Object.entries(settings).filter(
      ([name, value]) => name in shape && !checkedBy(shape[name]!, value).issues,
    ),
  );
}

/**
 * One picture as a run prepares its images: upright, its transparency over the run's background, in the run's
 * channels, brought to the run's size.
 *
 * @param bytes  of the file
 * @param file   what messages call it
 * @param change what is different for this picture; `size: undefined` leaves it as large as it is
 * @throws DdpmError for a file that does not decode, or a network that takes other channels than pictures have
 */
export async function transformPicture(
  bytes: Uint8Array,
  file: string,
  { data, shape }: Preparation,
  change: Partial<DecodeOptions> = {},
): Promise<PreparedPicture> {
  const channels = change.channels ?? shape[2];
  if (channels !== 1 && channels !== 3)
    fail("runs/picture-transform", `the network takes ${channels} channels, and pictures have 1 or 3.`);
  const { fit, kernel, background, size } = { ...formats.get("images").schema.parse({}), ...settings() };
  const look = { fit, kernel, background, size: typeof size === "number" ? [size, size] : size, channels };
  const { pixels, height, width } = await decoded(bytes, file, { ...look, ...change } as DecodeOptions);
  const whole = { pixels, shape: [height, width, channels] as const };
  return "size" in change ? whole : middleOf(whole, shape);

  function settings(): Readonly<Record<string, unknown>> {
    return takenBy(formats.get("images").schema, preparingSettings({ data, shape }));
  }
}

/**
 * Rows and columns of a picture turned upright.
 *
 * @throws DdpmError for a file that does not decode
 */
export async function uprightSize(bytes: Uint8Array, file: string): Promise<readonly [number, number]> {
  const { height, width } = await pictureSize(bytes, file).catch(undecodable);
  return [height, width];
}

function decoded(bytes: Uint8Array, file: string, look: DecodeOptions) {
  return decodeImage(bytes, file, look).catch(undecodable);
}

/** A picture that does not decode is to be replaced here, not left out. */
function undecodable(cause: unknown): never {
  if (!isDdpmError(cause) || cause.where !== "data/decode") throw cause;
  return fail("runs/picture-transform", cause.what, "Give another picture.", { cause });
}
