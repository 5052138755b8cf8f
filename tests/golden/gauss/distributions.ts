import * as tf from "@tensorflow/tfjs-core";
import { greyLogLikelihood, guided, normalCdf, normalKl } from "../../../packages/diffusion/src/index.ts";
import { type Case, caseOf, errorOf } from "../result.ts";
import type { Stored } from "../sampling/file.ts";
import { type Part, stored } from "./names.ts";
import { FLOAT32, imageError, images } from "./numbers.ts";

/** Log-likelihood of grey levels, approximate CDF, KL of normals. */
export function distributionCases(blocks: readonly Part[]): Case[] {
  return blocks.flatMap((block, i) => {
    const golden = block as unknown as Readonly<Record<string, readonly number[]>>;
    const [x, means, scales] = [golden.x!, golden.means!, golden.log_scales!].map((values) =>
      tf.tensor1d([...values]),
    );
    const wanted = (name: string) => stored(block[name]).data;
    const likelihood = "discretized_gaussian_log_likelihood_nats";
    const kl = "normal_kl(x, log_scales, means, 0.3)_nats";
    const cdf = "approx_standard_normal_cdf_of_x_times_3";
    return [
      caseOf(`distributions/${i} ${likelihood}`, () => {
        // What rounding x − mean to float32 costs: one rounding, sharpened, in the tail.
        const ours = greyLogLikelihood(x!, tf.sub(x!, means!), scales!).dataSync();
        return errorOf(ours, wanted(likelihood), { abs: 2e-5, rel: 2e-6 });
      }),
      caseOf(`distributions/${i} ${cdf}`, () =>
        errorOf(normalCdf(tf.mul(x!, 3)).dataSync(), wanted(cdf), FLOAT32),
      ),
      caseOf(`distributions/${i} ${kl}`, () => {
        const ours = normalKl(x!, scales!, means!, tf.fill([golden.x!.length], 0.3)).dataSync();
        return errorOf(ours, wanted(kl), FLOAT32);
      }),
    ];
  });
}

/** Classifier-free guidance with rescaling. */
export function guidanceCases(blocks: readonly Part[]): Case[] {
  return blocks.flatMap((block, i) => {
    const [told, free] = [images(stored(block.cond)), images(stored(block.uncond))];
    const cases = block.cases as unknown as readonly {
      guidance_scale: number;
      guidance_rescale: number;
      result: Stored;
    }[];
    return cases.map(({ guidance_scale: scale, guidance_rescale: rescale, result }) =>
      caseOf(`guidance/${i} scale ${scale} rescale ${rescale}`, () =>
        imageError(guided(told, free, scale, rescale), result, scale),
      ),
    );
  });
}
