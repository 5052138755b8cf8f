import { type Dataset, type DatasetImage, fail, random } from "@ddpm/core";
import { fingerprint, type ImageShape } from "@ddpm/core/authoring";
import type { PreparedPicture } from "./prepared-picture.ts";

type Shape = ImageShape;

/**
 * The middle of a picture.
 *
 * @returns the picture itself where it has that size
 */
export function middleOf({ pixels, shape }: PreparedPicture, to: Shape): PreparedPicture {
  const place = [Math.floor((shape[0] - to[0]) / 2), Math.floor((shape[1] - to[1]) / 2)] as const;
  return { pixels: pieceOf(pixels, shape, to, place) as Uint8Array, shape: [to[0], to[1], shape[2]] };
}

/**
 * A set whose images are pieces of another's: the middle, or, with a seed, a place of each image's own, as in training.
 *
 * @param to [H, W, C]
 * @throws DdpmError for images that are smaller
 */
export function cropped<Set extends Dataset>(dataset: Set, to: Shape, seed?: number): Set {
  const { shape, name } = dataset;
  const room = [shape[0] - to[0], shape[1] - to[1]] as const;
  if (Math.min(...room) < 0) {
    fail(
      "runs/cropped",
      `${name} has images of ${shape.join(" × ")}, from which ${to.join(" × ")} cannot be cut.`,
    );
  }
  const places = seed === undefined ? undefined : random(seed).fork("eval/crop");
  const placeOf = (index: number): readonly [number, number] => {
    const own = places?.fork(index);
    return own
      ? [own.integer(room[0] + 1), own.integer(room[1] + 1)]
      : [Math.floor(room[0] / 2), Math.floor(room[1] / 2)];
  };
  const cut = ({ pixels, values, ...rest }: DatasetImage, index: number): DatasetImage => {
    const place = placeOf(index);
    const piece = pieceOf(pixels, shape, to, place);
    return values
      ? { ...rest, pixels: piece, values: pieceOf(values, shape, to, place) }
      : { ...rest, pixels: piece };
  };
  return {
    ...dataset,
    shape: [to[0], to[1], shape[2]],
    fingerprint: fingerprint("cropped", dataset.fingerprint, to.join("×"), String(seed)),
    image(index: number) {
      const image = dataset.image(index);
      return image instanceof Promise ? image.then((one) => cut(one, index)) : cut(image, index);
    },
  };
}

function pieceOf<Values extends Uint8Array | Uint8ClampedArray | Float32Array>(
  values: Values,
  [height, width, channels]: Shape,
  [rows, columns]: Shape,
  [top, left]: readonly [number, number],
): Values {
  if (rows === height && columns === width) return values;
  const piece = new (values.constructor as new (length: number) => Values)(rows * columns * channels);
  for (let y = 0; y < rows; y++) {
    const from = ((top + y) * width + left) * channels;
    piece.set(values.subarray(from, from + columns * channels), y * columns * channels);
  }
  return piece;
}
