import * as tf from "@tensorflow/tfjs-core";
import { momentAt } from "../../../packages/core/src/index.ts";
import { combine, edm, edmWeight, simple, snr, softMinSnr } from "../../../packages/diffusion/src/index.ts";
import { type Case, caseOf, errorOf } from "../result.ts";
import type { Stored } from "../sampling/file.ts";
import { exploding, timeOf } from "../sampling/ladders.ts";
import { type Part, stored } from "./names.ts";
import { images } from "./numbers.ts";
import { lossesOf, speaking } from "./objectives.ts";

/** EDM, VP and VE losses, and k-diffusion's weightings, per item. */
export function edmCases(blocks: readonly Part[]): Case[] {
  return blocks.flatMap((block, i) => {
    const [x0, noise] = [images(stored(block.images)), images(stored(block.noise))];
    const [normals, uniforms] = [stored(block.randn_per_item).data, stored(block.rand_per_item).data];
    const perItem = ({ shape, data }: Stored) =>
      Array.from({ length: shape[0]! }, (_, b) => {
        const size = data.length / shape[0]!;
        return data.slice(b * size, (b + 1) * size).reduce((sum, value) => sum + value, 0) / size;
      });
    const optionsOf = (name: string) =>
      (block[name] as { options: Readonly<Record<string, number>> }).options;
    const exact = (
      name: string,
      sigmas: readonly number[],
      weight: ReturnType<typeof snr>,
      sigmaData = 0.5,
    ) =>
      caseOf(`edm_losses/${i} ${name}`, () => {
        const meaning = edm({ sigmaData });
        const moments = sigmas.map((sigma) => momentAt(exploding, timeOf(sigma)));
        const network = speaking((scaled) => {
          const rows = moments.map((at, b) => {
            const { skip, out, in: scale } = meaning.at(at, exploding);
            const x = combine([1 / scale, tf.slice(scaled, [b, 0, 0, 0], [1, -1, -1, -1]) as tf.Tensor4D]);
            return combine([(0.25 / (0.25 + at.sigma ** 2) - skip) / out, x]);
          });
          return tf.concat(rows, 0) as tf.Tensor4D;
        });
        const batch = { x0, eps: noise, times: sigmas.map(timeOf), schedule: exploding };
        const ours = lossesOf(batch, network, meaning, weight);
        const golden = perItem(stored((block[name] as { loss: Stored }).loss));
        return errorOf(ours, golden, { abs: 1e-6, rel: 1e-5 });
      });
    const weighted = (name: string, weight: ReturnType<typeof snr>) =>
      caseOf(`edm_losses/${i} ${name}`, () => {
        const { sigma, loss } = block[name] as unknown as { sigma: Stored; loss: Stored };
        const batch = { x0, eps: noise, times: sigma.data.map(timeOf), schedule: exploding };
        const ours = lossesOf(
          batch,
          speaking((x) => tf.tanh(x)),
          edm(),
          weight,
        );
        return errorOf(ours, loss.data, { abs: 1e-6, rel: 1e-5 });
      });
    const { P_mean: mean, P_std: spread, sigma_data: sigmaData } = optionsOf("EDMLoss");
    const { beta_d: slope, beta_min: floor, epsilon_t: end } = optionsOf("VPLoss");
    const { sigma_min: low, sigma_max: high } = optionsOf("VELoss");
    const preserving = (t: number) => Math.sqrt(Math.expm1((slope! * t ** 2) / 2 + floor! * t));
    return [
      exact(
        "EDMLoss",
        normals.map((value) => Math.exp(mean! + spread! * value)),
        edmWeight({ sigmaData }),
        sigmaData,
      ),
      exact(
        "VPLoss",
        uniforms.map((value) => preserving(1 + value * (end! - 1))),
        snr(),
      ),
      exact(
        "VELoss",
        uniforms.map((value) => low! * (high! / low!) ** value),
        snr(),
      ),
      weighted("k_diffusion_Denoiser_loss_karras", simple()),
      weighted("k_diffusion_Denoiser_loss_soft-min-snr", softMinSnr()),
      weighted("k_diffusion_Denoiser_loss_snr", snr()),
    ];
  });
}
