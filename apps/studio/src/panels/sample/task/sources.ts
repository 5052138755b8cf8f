import type { ImageShape } from "@ddpm/core/authoring";
import { decodePicture } from "@ddpm/data/browser";
import type { RunConfig } from "@ddpm/runs";
import { call } from "../../../engine/client.ts";
import type { ModelChoice } from "../../../engine/store/models.ts";
import { lookOf } from "../../../model/configuration/image-settings.ts";
import { builtInPictures } from "../../../model/pictures/built-in-pictures.ts";
import { fittedBytes } from "../../../model/pictures/fit-picture.ts";
import { labelsFor, samplersOf } from "../drawing/request.ts";
import type { PictureSource, SampleSettings } from "../settings.ts";
import type { GivenImage } from "./given-image.ts";

/** Pictures that the visitor gave, by name, as long as the page is open. */
const own = new Map<string, File>();

export function keepOwn(file: File): void {
  own.set(file.name, file);
}

export function ownNames(): readonly string[] {
  return [...own.keys()];
}

/**
 * The picture of a source at a network's size.
 *
 * @throws when it is the visitor's own and not here, does not decode, or cannot be drawn
 */
export async function pictureOf(
  source: PictureSource,
  { model, shape, data: prepared, classes, settings }: SourceContext,
): Promise<GivenImage> {
  const [height, width, channels] = shape;
  const size = { height, width, channels };
  if ("drawn" in source) {
    const { seed, number } = source.drawn;
    const data = await drawn(model, { ...settings, seed }, number, classes);
    return { ...size, name: `drawn from seed ${seed}, number ${number}`, data };
  }
  if ("own" in source) {
    const file = own.get(source.own);
    if (!file) throw new Error(`${source.own} is not here any more: choose it again.`);
    const look = { size: [height, width] as const, ...lookOf(prepared) };
    const { pixels } = await decodePicture(file, file.name, { ...look, channels: channels === 1 ? 1 : 3 });
    return { ...size, name: file.name, data: Uint8ClampedArray.from(pixels) };
  }
  const name = source.builtIn in builtInPictures ? source.builtIn : "star";
  const side = Math.max(height, width);
  // They are drawn at 16 to 64 pixels.
  const picture = builtInPictures[name]!(Math.min(64, side * Math.ceil(16 / side)));
  return { ...size, name, data: Uint8ClampedArray.from(fittedBytes(picture, shape)) };
}

export interface SourceContext {
  readonly model: ModelChoice;
  readonly shape: ImageShape;
  /** The run's settings of data: how its pictures are prepared. */
  readonly data: RunConfig["data"];
  /** Number of classes that the network takes. */
  readonly classes: number;
  readonly settings: SampleSettings;
}

/** Sample `number` alone: the same as among others from this seed. */
async function drawn(
  model: ModelChoice,
  settings: SampleSettings,
  number: number,
  classes: number,
): Promise<Uint8ClampedArray> {
  const { spacing, steps, seed, guidance, label } = settings;
  let last: Uint8ClampedArray | undefined;
  await call(
    "sample",
    {
      ...{ model, steps, seed, guidance, count: 1, spacing: { name: spacing } },
      task: { kind: "noise", first: number },
      samplers: samplersOf(settings).slice(0, 1),
      ...labelsFor(label, [number], classes),
    },
    {
      onEvent: ({ x }) => {
        last = x.data;
      },
    },
  );
  return last!;
}
