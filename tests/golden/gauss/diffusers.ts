import * as tf from "@tensorflow/tfjs-core";
import { momentAt, snr as snrOf } from "../../../packages/core/src/index.ts";
import { levelColumns } from "../../../packages/diffusion/src/authoring.ts";
import { diffuse } from "../../../packages/diffusion/src/index.ts";
import type { Declared } from "../declared.ts";
import { scheduleOf } from "../references/schedules.ts";
import { type Case, errorOf } from "../result.ts";
import { memberCases, noised, type Part, stored } from "./names.ts";
import { imageError, images } from "./numbers.ts";

/** DDPMScheduler's add_noise, get_velocity and compute_snr. */
export function diffusersCases(block: Part, i: number): Case[] {
  const { T, t } = block as unknown as { readonly T: number; readonly t: readonly number[] };
  const name = String(block.beta_schedule);
  const chain = scheduleOf("huggingface/diffusers", name, T, (block.options ?? {}) as Declared);
  const [x0, noise] = [images(stored(block.x0)), images(stored(block.noise))];
  const moments = t.map((step) => momentAt(chain, (step + 1) / T));
  const inputs = ["reference", "beta_schedule", "options", "T", "t", "x0", "noise", "note"];
  return memberCases(`diffusers/${i} ${name}`, block, inputs, [
    ["add_noise", (golden) => imageError(noised(chain, t, x0, noise), stored(golden))],
    [
      "get_velocity",
      (golden) => {
        const { alpha, sigma } = levelColumns(moments);
        const velocity = diffuse(noise, x0, tf.tensor1d(alpha), tf.neg(tf.tensor1d(sigma)));
        return imageError(velocity, stored(golden));
      },
    ],
    [
      "snr",
      (golden) => {
        // The reference takes 1 − ᾱ of a float32 table.
        const least = Math.min(...moments.map(({ sigma }) => sigma ** 2));
        return errorOf(moments.map(snrOf), stored(golden).data, { abs: 1e-9, rel: 1e-6 + 1.2e-7 / least });
      },
    ],
  ]);
}
