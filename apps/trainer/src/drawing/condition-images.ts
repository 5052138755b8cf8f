import { type Images, random } from "@ddpm/core";
import type { ImageShape } from "@ddpm/core/authoring";
import type { ConditionImageSource, ImageCondition } from "@ddpm/diffusion/authoring";
import type { RunConfig } from "@ddpm/runs";
import { greyOf } from "./image-range.ts";
import { paintMask } from "./paint-mask.ts";
import { readSource } from "./source-images.ts";

/** What the condition of a run is made of, and for what results. */
export interface ConditionOptions {
  readonly condition: ImageCondition;
  /** [H, W, C] of the results. */
  readonly shape: ImageShape;
  /** The run's settings of data: how images are prepared, and their range. */
  readonly data: RunConfig["data"];
  readonly seed: number;
  /** Samples wanted: no more pictures are read. */
  readonly count: number;
  /** A mask or a part, see `paintMask`; the condition draws one where it needs one and none is given. */
  readonly mask?: string | undefined;
  /** Receives what people should know. */
  readonly say?: (text: string) => void;
}

/** The conditions of samples `first … first + count − 1`, [count, H, W, C']. */
export type Conditions = (first: number, count: number) => Images;

/**
 * Conditions from pictures: a file, a folder of them, or any set of images, prepared as the run's own. Sample k is
 * conditioned on picture k mod their number. Pictures of another size that the condition takes (low ones for
 * super-resolution) are taken as they are.
 *
 * @throws DdpmError for files that cannot be read, and masks that do not fit
 */
export async function openConditions(path: string, options: ConditionOptions): Promise<Conditions> {
  const { condition, shape, data, mask } = options;
  const [height, width] = shape;
  const sizes = condition.sizes?.([height, width]) ?? [];
  const { images, pictures } = await readSource(path, { ...options, sizes });
  const painted = mask === undefined ? {} : { mask: await paintMask(mask, { data, shape }, pictures) };
  const sources = images.map(
    ({ data, shape: [, h, w, channels] }): ConditionImageSource => ({
      image: data,
      shape: [h, w, channels],
      ...painted,
    }),
  );
  return conditionsOf(sources, options);
}

/** Conditions from images at hand, [B, H, W, C] in the range of the training images. */
export function conditionsFrom(images: Images, options: Omit<ConditionOptions, "count">): Conditions {
  const [count, height, width, channels] = images.shape;
  const size = height * width * channels;
  const sources = Array.from(
    { length: count },
    (_, i): ConditionImageSource => ({
      image: images.data.subarray(i * size, (i + 1) * size),
      shape: [height, width, channels] as const,
    }),
  );
  return conditionsOf(sources, options);
}

function conditionsOf(
  sources: readonly ConditionImageSource[],
  { condition, shape, data, seed }: Pick<ConditionOptions, "condition" | "shape" | "data" | "seed">,
): Conditions {
  const [height, width, channels] = shape;
  const depth = condition.channels(channels);
  const stream = random(seed).fork("condition");
  const make = (k: number): Float32Array =>
    condition.make(
      { ...sources[k % sources.length]!, grey: greyOf(data) },
      [height, width],
      stream.fork(k % sources.length),
    );
  make(0);
  return (first, count) => {
    const data = new Float32Array(count * height * width * depth);
    for (let i = 0; i < count; i++) data.set(make(first + i), i * height * width * depth);
    return { data, shape: [count, height, width, depth] };
  };
}
