import * as tf from "@tensorflow/tfjs-core";
import { momentAt, type NoiseSchedule, snr as snrOf } from "../../../packages/core/src/index.ts";
import { diffuse, levelColumns } from "../../../packages/diffusion/src/index.ts";
import { schedules } from "../../../packages/schedules/src/index.ts";
import { type Case, caseOf, errorOf, unsupported } from "../result.ts";
import type { Stored } from "../sampling/file.ts";
import { noised, type Part } from "./names.ts";
import { imageError, images } from "./numbers.ts";

/** A diffusers schedule by its declared name. */
function diffusersChain(
  name: string,
  steps: number,
  options: Readonly<Record<string, unknown>>,
): NoiseSchedule {
  const names: Readonly<Record<string, string>> = {
    linear: "linear",
    scaled_linear: "scaled-linear",
    squaredcos_cap_v2: "cosine",
  };
  const { rescale_betas_zero_snr: zero, beta_start: betaStart, beta_end: betaEnd, ...rest } = options;
  if (Object.keys(rest).length > 0) unsupported(`the option ${Object.keys(rest)[0]} has no counterpart`);
  const spec = {
    name: names[name] ?? unsupported(`the schedule ${name} is not known`),
    steps,
    ...(betaStart === undefined ? {} : { betaStart }),
    ...(betaEnd === undefined ? {} : { betaEnd }),
  };
  const plain = schedules.create(spec);
  return zero ? schedules.create({ name: "zero-terminal", of: spec }) : plain;
}

/** DDPMScheduler's add_noise, get_velocity and compute_snr. */
export function diffusersCases(blocks: readonly Part[]): Case[] {
  return blocks.flatMap((block, i) => {
    const golden = block as unknown as Readonly<Record<string, Stored>> & {
      readonly T: number;
      readonly t: readonly number[];
    };
    const id = (part: string) => `diffusers/${i} ${String(block.beta_schedule)} ${part}`;
    const chain = () => diffusersChain(String(block.beta_schedule), golden.T, block.options);
    const [x0, noise] = [images(golden.x0!), images(golden.noise!)];
    return [
      caseOf(id("add_noise"), () => imageError(noised(chain(), golden.t, x0, noise), golden.add_noise!)),
      caseOf(id("get_velocity"), () => {
        const moments = golden.t.map((step) => momentAt(chain(), (step + 1) / golden.T));
        const { alpha, sigma } = levelColumns(moments);
        const velocity = diffuse(noise, x0, tf.tensor1d(alpha), tf.neg(tf.tensor1d(sigma)));
        return imageError(velocity, golden.get_velocity!);
      }),
      caseOf(id("snr"), () => {
        const moments = golden.t.map((step) => momentAt(chain(), (step + 1) / golden.T));
        // The reference takes 1 − ᾱ of a float32 table.
        const noiseOf = Math.min(...moments.map(({ sigma }) => sigma ** 2));
        return errorOf(moments.map(snrOf), golden.snr!.data, { abs: 1e-9, rel: 1e-6 + 1.2e-7 / noiseOf });
      }),
    ];
  });
}
