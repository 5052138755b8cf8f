import * as tf from "@tensorflow/tfjs-core";
import {
  greyLogLikelihood,
  mixGuidance,
  normalCdf,
  normalKl,
} from "../../../packages/diffusion/src/authoring.ts";
import { type Case, entriesOf, errorOf, slowCaseOf } from "../result.ts";
import type { Stored } from "../sampling/file.ts";
import { memberCases, type Part, stored } from "./names.ts";
import { FLOAT32, imageError, images } from "./numbers.ts";

/** Log-likelihood of grey levels, approximate CDF, KL of normals. */
export function distributionCases(block: Part, i: number): Case[] {
  const [x, means, scales] = [block.x, block.means, block.log_scales].map((values) =>
    tf.tensor1d([...stored(values).data]),
  ) as [tf.Tensor1D, tf.Tensor1D, tf.Tensor1D];
  return memberCases(
    `distributions/${i}`,
    block,
    ["x", "means", "log_scales", "reference", "note"],
    [
      [
        "discretized_gaussian_log_likelihood_nats",
        (golden) => {
          // What rounding x − mean to float32 costs: one rounding, sharpened, in the tail.
          const ours = greyLogLikelihood(x, tf.sub(x, means), scales).dataSync();
          return errorOf(ours, stored(golden).data, { abs: 2e-5, rel: 2e-6 });
        },
      ],
      [
        /^approx_standard_normal_cdf_of_x_times_([\d.]+)$/,
        (golden, times) =>
          errorOf(normalCdf(tf.mul(x, Number(times))).dataSync(), stored(golden).data, FLOAT32),
      ],
      [
        /^normal_kl\(x, log_scales, means, (-?[\d.]+)\)_nats$/,
        (golden, second) => {
          const ours = normalKl(x, scales, means, tf.fill([x.size], Number(second))).dataSync();
          return errorOf(ours, stored(golden).data, FLOAT32);
        },
      ],
    ],
  );
}

interface Guided {
  readonly guidance_scale: number;
  readonly guidance_rescale: number;
  readonly result: Stored;
}

/** Classifier-free guidance with rescaling. */
export function guidanceCases(block: Part, i: number): Promise<Case[]> {
  const [conditional, free] = [images(stored(block.cond)), images(stored(block.uncond))];
  return entriesOf(`guidance/${i}`, block.cases, (golden: Guided) => {
    const { guidance_scale: scale, guidance_rescale: rescale = 0, result } = golden;
    return slowCaseOf(`guidance/${i} scale ${scale} rescale ${rescale}`, async () =>
      tf.tidy(() => imageError(mixGuidance(conditional, free, scale, rescale), result, Math.abs(scale))),
    );
  });
}
