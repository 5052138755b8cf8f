import * as tf from "@tensorflow/tfjs-core";
import type { Random } from "../../../packages/core/src/index.ts";
import { bitsPerDim, clip, combine } from "../../../packages/diffusion/src/index.ts";
import { type Case, errorOf, slowCaseOf, unsupported } from "../result.ts";
import { channelsLast, type Stored } from "../sampling/file.ts";
import { improvedChain, kindsOf, type Part, stored } from "./names.ts";
import { images } from "./numbers.ts";

/** calc_bpd_loop. */
export async function boundCases(blocks: readonly Part[]): Promise<Case[]> {
  const cases: Case[] = [];
  for (const [i, block] of blocks.entries()) {
    const {
      T,
      schedule: name,
      model_var_type: kind,
      model,
      x0,
    } = block as unknown as {
      T: number;
      schedule: string;
      model_var_type: string;
      model: { kind: string; mu: number[]; s: number };
      x0: Stored;
    };
    const noises = block["noises_in_order_of_t_from_T-1_to_0"] as unknown as readonly Stored[];
    const parts = ["vb", "xstart_mse", "mse", "total_bpd", "prior_bpd"] as const;
    const where = `bpd_loop/${i} ${name} ${kind}`;
    const run = async () => {
      if (model.kind !== "gauss") unsupported(`the model ${model.kind} is not known`);
      const variance = kindsOf[kind] ?? unsupported(`model_var_type ${kind} is not there`);
      const schedule = improvedChain(name, T);
      return bitsPerDim({
        schedule,
        variance,
        x0: images(x0),
        random: listed(noises),
        denoise: clip()((x, { alpha, sigma, t }) => {
          const total = (alpha * model.s) ** 2 + sigma ** 2;
          const centre = tf.tensor1d(model.mu);
          const f = tf.mul(tf.sub(x, tf.mul(centre, alpha)), sigma / total) as tf.Tensor4D;
          const step = Math.round(t * T) - 1;
          const head = tf.mul(tf.sin(tf.add(tf.mul(x, 2), 0.01 * step)), 0.8) as tf.Tensor4D;
          return {
            x0: combine([1 / alpha, x], [-sigma / alpha, f]),
            ...(variance === "learned-range" ? { variance: head } : {}),
          };
        }),
      });
    };
    const falling = (rows: readonly Float32Array[]) =>
      Array.from({ length: rows[0]!.length }, (_, b) => rows.map((row) => row[b]!).reverse()).flat();
    for (const part of parts) {
      cases.push(
        await slowCaseOf(`${where} ${part}`, async () => {
          const found = await run();
          const ours = {
            vb: falling(found.terms),
            xstart_mse: falling(found.x0Error),
            mse: falling(found.epsError),
            total_bpd: found.total,
            prior_bpd: found.prior,
          };
          const golden = stored(block[part]).data;
          if (part !== "xstart_mse")
            return errorOf(ours[part], golden, { abs: part === "mse" ? 2e-5 : 2e-6, rel: 1e-5 });
          // A network that returns the noise says x̂_0 to a rounding over alpha.
          const { at } = improvedChain(name, T);
          const errors = golden.map((wanted, k) => {
            const { alpha } = at((T - (k % T)) / T);
            return errorOf([ours[part][k]!], [wanted], { abs: 1e-6 / alpha, rel: 1e-5 });
          });
          return Math.max(...errors);
        }),
      );
    }
  }
  return cases;
}

/** Noises that are listed from the noisiest step on. */
function listed(noises: readonly Stored[]): Random {
  const refuse = (): never => {
    throw new Error("only normal numbers are listed");
  };
  const silent = {
    uniform: refuse,
    normal: refuse,
    integer: refuse,
    uniforms: refuse,
    permutation: refuse,
    state: refuse,
  };
  const stream = (sample: number, step: number): Random => ({
    ...silent,
    fork: refuse,
    normals: (count) => {
      const { shape, data } = noises[noises.length - 1 - step]!;
      return channelsLast(data, shape).slice(sample * count, (sample + 1) * count);
    },
  });
  return {
    ...silent,
    normals: refuse,
    fork: (sample) => ({ ...silent, normals: refuse, fork: (step) => stream(Number(sample), Number(step)) }),
  };
}
