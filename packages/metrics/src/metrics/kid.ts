import type { Plugin } from "@ddpm/core";
import * as z from "zod";
import { polynomialKernel } from "../distances/kernels.ts";
import { kid as kidOf, meanSimilarity } from "../distances/kid.ts";
import { type Features, rowsOf } from "../features/features.ts";
import { fixedSubset } from "../images/fixed-subset.ts";
import { memoised } from "../measure/memoised.ts";
import { type Metric, metric } from "../measure/metric.ts";

const subsetOf = memoised((real: Features, images: number) => rowsOf(real, fixedSubset(real.count, images)));
const similarityOf = memoised((real: Features, degree: number) =>
  meanSimilarity(real, polynomialKernel({ degree })),
);

export const kid: Plugin<
  { readonly degree?: number | undefined; readonly realImages?: number | undefined },
  Metric
> = metric({
  name: "kid",
  label: "KID",
  better: "lower",
  needs: ["features"],
  about: "Squared MMD with a polynomial kernel over all pairs of images; unbiased at any count.",
  source: "Bińkowski et al. 2018, eq. 4; Gretton et al. 2012, lemma 6",
  options: {
    degree: z.number().int().min(1).max(9).default(3).describe("degree of the polynomial kernel"),
    realImages: z.number().int().min(2).default(4000).describe("real images used, at most"),
  },
  compute({ features: { real, generated } }, { degree, realImages }) {
    const subset = subsetOf(real, realImages);
    const kernel = polynomialKernel({ degree });
    return kidOf(subset, generated, { kernel, realSimilarity: similarityOf(subset, degree) });
  },
});
