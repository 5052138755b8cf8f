import type { Dataset, DatasetImage } from "@ddpm/core";
import type { PictureSource } from "./picture-source.ts";

/** What is known of pictures without decoding them, as fields of their set. */
export function describedSet({
  labelling,
  captions,
}: PictureSource): Pick<Dataset, "classes" | "labels" | "captioned" | "captions"> {
  return {
    ...(labelling ? { classes: labelling.classes, labels: labelling.labels } : {}),
    ...(captions ? { captioned: true, captions } : {}),
  };
}

/** A decoded picture with its label and caption. */
export function describedImage(
  { labelling, captions }: PictureSource,
  index: number,
  pixels: Uint8Array,
): DatasetImage {
  return {
    pixels,
    ...(labelling ? { label: labelling.labels[index]! } : {}),
    ...(captions ? { caption: captions[index]! } : {}),
  };
}
