import { fail, type Plugin } from "@ddpm/core";
import * as z from "zod";
import { plugin } from "../../plugin.ts";
import type { ImageCondition } from "../image-condition.ts";
import { enlarged, type Raster, reduced } from "../resize.ts";

const where = "diffusion/super-resolution";

/** Options of {@link superResolution}; meanings, ranges and defaults are in its schema. */
export interface SuperResolutionOptions {
  factor?: number;
}

/** The image at low resolution, brought back to its size; at sampling low images are taken as they are. */
export const superResolution: Plugin<SuperResolutionOptions, ImageCondition> = plugin({
  name: "super-resolution",
  about: "The image itself at low resolution: means of blocks, enlarged bilinearly.",
  source:
    "Saharia et al. 2021, section 2; guided-diffusion SuperResModel and image_datasets (area, bilinear)",
  options: {
    factor: z
      .number()
      .int()
      .min(2)
      .default(4)
      .describe("how many times smaller the low image is on each side"),
  },
  create({ factor }): ImageCondition {
    return {
      name: "super-resolution",
      channels: (ofImage) => ofImage,
      sizes: ([height, width]) => [[height / factor, width / factor]],
      make({ image: data, shape, mask }, [height, width]) {
        if (mask) fail(where, "a mask was given, and nothing is hidden here.", "Leave it out.");
        if (height % factor !== 0 || width % factor !== 0) {
          fail(where, `${height} × ${width} does not divide by ${factor}.`, "Choose another factor or size.");
        }
        const [h, w] = [height / factor, width / factor];
        const given: Raster = { data, shape };
        const whole = shape[0] === height && shape[1] === width;
        if (!whole && (shape[0] !== h || shape[1] !== w)) {
          fail(where, `an image of ${shape[0]} × ${shape[1]}, expected ${h} × ${w} or ${height} × ${width}.`);
        }
        return enlarged(whole ? reduced(given, factor) : given, factor).data;
      },
    };
  },
});
