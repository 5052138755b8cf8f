import { type Dataset, fail } from "@ddpm/core";
import { fingerprint } from "@ddpm/core/authoring";
import { type Npy, npyLabels } from "./npy.ts";

/** Arrays and what to call them. */
export interface NpyDatasetOptions {
  readonly name: string;
  /** uint8, [N, H, W], [N, H, W, C] or, where `layout` is `first`, [N, C, H, W]; C from 1 to 4. */
  readonly images: Npy;
  /** Whole numbers or booleans, [N] or [N, 1]; or one-hot rows, [N, classes]. */
  readonly labels?: Npy | undefined;
  /** Where the channels are: the `last` axis (default) or the `first` after N. */
  readonly layout?: "last" | "first" | undefined;
  /** Class names by label; their numbers unless given. */
  readonly classNames?: readonly string[] | undefined;
  /** Whether a mirror image means something else; false. */
  readonly flippable?: boolean | undefined;
}

/** Most classes, where only the largest label tells how many there are. */
const MOST = 100_000;

/**
 * A {@link Dataset} over NumPy arrays.
 *
 * @throws DdpmError naming the set: another element type, a shape that is none of the above (channels elsewhere, say),
 *   another number of labels, a label without a class
 */
export function npyDataset(options: NpyDatasetOptions): Dataset {
  const { name, images, layout = "last", classNames, flippable = true } = options;
  const refuse = (what: string, hint?: string): never => fail("data/npy", `${name}: ${what}.`, hint);
  if (!/^[|<>=]?u1$/.test(images.type)) {
    const [what, hint] = /f\d$/.test(images.type)
      ? ["whose range is not stated, ", "Save numpy.round(x * 255).astype('uint8') of numbers x from 0 to 1."]
      : ["", "Save it as uint8, 0 to 255."];
    refuse(`images of type ${images.type}, ${what}expected uint8`, hint);
  }
  const { shape, data } = images;
  if (shape.length < 3 || shape.length > 4)
    refuse(`images of shape [${shape.join(", ")}], expected 3 or 4 axes`);
  const [length, a, b, c = 1] = shape as [number, number, number, number?];
  const planar = shape.length === 4 && layout === "first";
  const [height, width, channels] = planar ? [b, c, a] : [a, b, c];
  if (channels < 1 || channels > 4) {
    const hint = a <= 4 ? "Set layout to first for [N, C, H, W]." : "Set layout to last for [N, H, W, C].";
    refuse(`images of shape [${shape.join(", ")}] with ${channels} channels, expected 1 to 4`, hint);
  }
  if (data.length === 0) refuse(`images of shape [${shape.join(", ")}], expected at least one`);
  const labels = options.labels && npyLabels(options.labels, name);
  if (labels && labels.length !== length) refuse(`${labels.length} labels for ${length} images`);
  const most = labels ? labels.reduce((x, y) => Math.max(x, y), 0) : 0;
  if (most >= (classNames?.length ?? MOST)) {
    refuse(`label ${most}, expected 0 to ${(classNames?.length ?? MOST) - 1}`);
  }
  const columns = options.labels?.shape[1] ?? 1;
  const count = Math.max(most, columns - 1) + 1;
  const classes = classNames ?? Array.from({ length: count }, (_, label) => String(label));
  const size = height * width * channels;
  return {
    name,
    length,
    shape: [height, width, channels],
    ...(labels ? { labels, classes } : {}),
    flippable,
    fingerprint: fingerprint("npy", shape.join(), layout, data, options.labels?.data ?? "no labels"),
    image(index) {
      if (!(index >= 0 && index < length)) refuse(`image ${index}, expected 0 to ${length - 1}`);
      const stored = data.subarray(index * size, (index + 1) * size);
      const pixels = planar ? interleaved(stored, channels) : stored;
      return labels ? { pixels, label: labels[index]! } : { pixels };
    },
  };
}

function interleaved(planes: Uint8Array, channels: number): Uint8Array {
  const count = planes.length / channels;
  return Uint8Array.from(planes, (_, i) => planes[(i % channels) * count + Math.floor(i / channels)]!);
}
