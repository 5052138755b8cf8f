import * as tf from "@tensorflow/tfjs-core";
import { type LossWeight, momentAt } from "../../../packages/core/src/index.ts";
import { combine } from "../../../packages/diffusion/src/authoring.ts";
import {
  edmParameterization,
  edmWeight,
  simple,
  snrWeight,
  softMinSnr,
} from "../../../packages/diffusion/src/index.ts";
import { type Declared, memberOf, numberOf, withDefaults } from "../declared.ts";
import { type Case, errorOf, unsupported } from "../result.ts";
import type { Stored } from "../sampling/file.ts";
import { formulaOf, tensorLike } from "../sampling/formula.ts";
import { exploding, timeOf } from "../sampling/ladders.ts";
import { memberCases, type Part, stored } from "./names.ts";
import { images } from "./numbers.ts";
import { lossesOf, speaking } from "./objectives.ts";

/** The mean of each item. */
function perItem({ shape, data }: Stored): number[] {
  const size = data.length / shape[0]!;
  return Array.from({ length: shape[0]! }, (_, b) => {
    return data.slice(b * size, (b + 1) * size).reduce((sum, value) => sum + value, 0) / size;
  });
}

/** A weight and the noise level of each item, from the options of a loss and the stored draws. */
interface Drawn {
  readonly sigmas: readonly number[];
  readonly weight: LossWeight;
  readonly sigmaData?: number;
}

/** EDM's losses: each option has the reference's default. */
function drawn(
  name: string,
  given: Declared,
  normals: readonly number[],
  uniforms: readonly number[],
): Drawn {
  if (name === "EDM") {
    const options = withDefaults(given, { P_mean: -1.2, P_std: 1.2, sigma_data: 0.5 }, "EDMLoss");
    const [mean, spread] = [numberOf(options, "P_mean", -1.2), numberOf(options, "P_std", 1.2)];
    const sigmaData = numberOf(options, "sigma_data", 0.5);
    const sigmas = normals.map((value) => Math.exp(mean + spread * value));
    return { sigmas, weight: edmWeight({ sigmaData }), sigmaData };
  }
  if (name === "VP") {
    const options = withDefaults(given, { beta_d: 19.9, beta_min: 0.1, epsilon_t: 1e-5 }, "VPLoss");
    const [slope, floor] = [numberOf(options, "beta_d", 19.9), numberOf(options, "beta_min", 0.1)];
    const end = numberOf(options, "epsilon_t", 1e-5);
    const times = uniforms.map((value) => 1 + value * (end - 1));
    const sigmas = times.map((t) => Math.sqrt(Math.expm1((slope * t ** 2) / 2 + floor * t)));
    return { sigmas, weight: snrWeight() };
  }
  const options = withDefaults(given, { sigma_min: 0.02, sigma_max: 100 }, "VELoss");
  const [low, high] = [numberOf(options, "sigma_min", 0.02), numberOf(options, "sigma_max", 100)];
  return { sigmas: uniforms.map((value) => low * (high / low) ** value), weight: snrWeight() };
}

const weightings: Readonly<Record<string, (sigmaData: number) => LossWeight>> = {
  karras: () => simple(),
  "soft-min-snr": (sigmaData) => softMinSnr({ gamma: sigmaData ** -2 }),
  snr: () => snrWeight(),
};

/** EDM, VP and VE losses, and k-diffusion's weightings, per item. */
export function edmCases(block: Part, i: number): Case[] {
  const [x0, noise] = [images(stored(block.images)), images(stored(block.noise))];
  const [normals, uniforms] = [stored(block.randn_per_item).data, stored(block.rand_per_item).data];
  const text = String(block.denoiser ?? "D(x; sigma) = 0.25*x/(0.25 + sigma^2)");
  const exact = (golden: unknown, name = "") => {
    const { options = {}, loss } = golden as { readonly options?: Declared; readonly loss: Stored };
    const { sigmas, weight, sigmaData = 0.5 } = drawn(name, options, normals, uniforms);
    const written =
      /^D\(x; sigma\) =(.+)$/.exec(text)?.[1] ?? unsupported(`the denoiser ${text} is not known`);
    const formula = formulaOf(written, ["x", "sigma"]);
    const meaning = edmParameterization({ sigmaData });
    const moments = sigmas.map((sigma) => momentAt(exploding, timeOf(sigma)));
    const network = speaking((scaled) => {
      const rows = moments.map((at, b) => {
        const { skip, out, in: scale } = meaning.at(at, exploding);
        const x = combine([1 / scale, tf.slice(scaled, [b, 0, 0, 0], [1, -1, -1, -1])]);
        return combine([1 / out, tensorLike(formula({ x, sigma: at.sigma }), x)], [-skip / out, x]);
      });
      return tf.concat(rows, 0);
    });
    const batch = { x0, eps: noise, times: sigmas.map(timeOf), schedule: exploding };
    return errorOf(lossesOf(batch, network, meaning, weight), perItem(loss), { abs: 1e-6, rel: 1e-5 });
  };
  const weighted = (golden: unknown, name = "") => {
    const {
      sigma,
      loss,
      inner_model = "tanh(input)",
      sigma_data = 0.5,
    } = golden as {
      readonly sigma: Stored;
      readonly loss: Stored;
      readonly inner_model?: string;
      readonly sigma_data?: number;
    };
    const weight = memberOf(weightings, name) ?? unsupported(`the weighting ${name} has no counterpart`);
    const formula = formulaOf(inner_model, ["input"]);
    const batch = { x0, eps: noise, times: stored(sigma).data.map(timeOf), schedule: exploding };
    const ours = lossesOf(
      batch,
      speaking((x) => tensorLike(formula({ input: x }), x)),
      edmParameterization({ sigmaData: sigma_data }),
      weight(sigma_data),
    );
    return errorOf(ours, stored(loss).data, { abs: 1e-6, rel: 1e-5 });
  };
  const inputs = ["reference", "images", "noise", "randn_per_item", "rand_per_item", "denoiser", "note"];
  return memberCases(`edm_losses/${i}`, block, inputs, [
    [/^(EDM|VP|VE)Loss$/, exact],
    [/^k_diffusion_Denoiser_loss_(.+)$/, weighted],
  ]);
}
