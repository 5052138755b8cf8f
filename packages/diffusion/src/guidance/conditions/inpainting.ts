import { fail, type Plugin, type Random } from "@ddpm/core";
import * as z from "zod";
import { plugin } from "../../plugin.ts";
import type { ImageCondition } from "../image-condition.ts";

const where = "diffusion/inpainting";
const share = z.number().min(0).max(1);

/** Options of {@link inpainting}; meanings, ranges and defaults are in its schema. */
export interface InpaintingOptions {
  boxes?: number;
  smallest?: number;
  largest?: number;
}

/** The image with parts hidden behind mid-grey, and where they are: one channel more, 1 where the network is to paint. */
export const inpainting: Plugin<InpaintingOptions, ImageCondition> = plugin({
  name: "inpainting",
  about: "The image with boxes hidden, and a mask that says where.",
  source:
    "Nichol et al. 2021, GLIDE, section 2.4 (image and mask concatenated); boxes as in Saharia et al. 2021, Palette",
  options: {
    boxes: z.number().int().min(1).default(1).describe("most boxes hidden in an image; one at least is"),
    smallest: share.default(0.25).describe("least side of a box, as a share of the image's"),
    largest: share.default(0.75).describe("greatest side of a box"),
  },
  create(options): ImageCondition {
    if (options.smallest > options.largest) {
      fail(where, `smallest is ${options.smallest} and largest ${options.largest}.`, "Swap them.");
    }
    return {
      name: "inpainting",
      channels: (ofImage) => ofImage + 1,
      make({ image, shape: [h, w, channels], mask: given, grey = 0 }, [height, width], random) {
        if (h !== height || w !== width) {
          fail(where, `an image of ${h} × ${w}, expected ${height} × ${width}.`);
        }
        if (given && given.length !== height * width) {
          fail(where, `a mask of ${given.length} numbers, expected ${height * width}.`);
        }
        const mask = given ?? boxes(options, height, width, random);
        const made = new Float32Array(height * width * (channels + 1));
        for (let i = 0, to = 0; i < mask.length; i++) {
          const hidden = mask[i]!;
          for (let c = 0; c < channels; c++)
            made[to++] = (1 - hidden) * image[i * channels + c]! + hidden * grey;
          made[to++] = hidden;
        }
        return made;
      },
    };
  },
});

/** 1 inside some boxes of random sizes and places, [H, W]. */
function boxes(
  { boxes, smallest, largest }: Required<InpaintingOptions>,
  height: number,
  width: number,
  random: Random,
): Float32Array {
  const mask = new Float32Array(height * width);
  const count = 1 + random.integer(boxes);
  const side = (length: number): number =>
    Math.max(1, Math.round((smallest + (largest - smallest) * random.uniform()) * length));
  for (let i = 0; i < count; i++) {
    const [h, w] = [side(height), side(width)];
    const [top, left] = [random.integer(height - h + 1), random.integer(width - w + 1)];
    for (let y = top; y < top + h; y++) mask.fill(1, y * width + left, y * width + left + w);
  }
  return mask;
}
