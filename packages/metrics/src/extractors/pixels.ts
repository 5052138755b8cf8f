import { expectShape, type Images, type Plugin } from "@ddpm/core";
import { fingerprint, sizeOf } from "@ddpm/core/authoring";
import { quantise } from "../images/quantise.ts";
import { plugin } from "../plugin.ts";
import { type ExtractorRecipe, needed } from "./extractor.ts";

/** The image itself, flattened: what {@link pixelsExtractor} gives for images of one shape. */
export const pixelsExtractor: Plugin<Record<never, never>, ExtractorRecipe> = plugin({
  name: "pixels",
  about: "The image itself, 8 bits, row by row: distances that need no network.",
  source: "no network",
  options: {},
  create: () => ({
    name: "pixels",
    async prepare(sources) {
      const { shape } = needed("pixels", sources, "dataset", "Pass it: its shape is the width.");
      return {
        name: "pixels",
        fingerprint: fingerprint("pixels", shape.join()),
        dimension: sizeOf(shape),
        facts: {},
        async extract(images: Images) {
          expectShape("metrics/pixels", "the batch", images.shape, [-1, ...shape]);
          return { features: quantise(images.data) };
        },
        dispose: () => {},
      };
    },
  }),
});
