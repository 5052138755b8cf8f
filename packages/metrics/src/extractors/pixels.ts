import { expectShape, type Images, type Plugin, plugin } from "@ddpm/core";
import { fingerprint } from "../fingerprint.ts";
import { type ExtractorRecipe, needed } from "./extractor.ts";
import { quantised } from "./quantised.ts";

/** The image itself, flattened: what {@link pixels} gives for images of one shape. */
export const pixels: Plugin<Record<never, never>, ExtractorRecipe> = plugin({
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
        dimension: shape.reduce((product, size) => product * size, 1),
        facts: {},
        async extract(images: Images) {
          expectShape("metrics/pixels", "the batch", images.shape, [-1, ...shape]);
          return { features: quantised(images.data) };
        },
        dispose: () => {},
      };
    },
  }),
});
