import type { Images, Plugin } from "@ddpm/core";
import * as z from "zod";
import { slicedWasserstein as distanceOf } from "../distances/sliced-wasserstein.ts";
import { type Features, toFeatures } from "../features/features.ts";
import { groupCount } from "../measure/group-count.ts";
import { type Metric, metric } from "../measure/metric.ts";

export const slicedWasserstein: Plugin<{ readonly directions?: number | undefined }, Metric> = metric({
  name: "sliced-wasserstein",
  label: "sliced Wasserstein, pixels",
  better: "lower",
  needs: ["pixels"],
  about: "Squared Wasserstein distance of the pixels along random directions; needs no network.",
  source: "Bonneel et al. 2015, section 3",
  options: {
    directions: z.number().int().min(1).max(4096).default(64).describe("number of random directions"),
  },
  compute({ pixels: { real, generated } }, { directions }) {
    const { groups } = groupCount(Math.min(real.shape[0], generated.shape[0]), 12);
    const { infinite } = distanceOf(flattened(real), flattened(generated), { directions, groups });
    return { estimate: infinite };
  },
});

function flattened({ data, shape }: Images): Features {
  const [, height, width, channels] = shape;
  return toFeatures(data, height * width * channels, `pixels ${shape.slice(1).join("×")}`);
}
