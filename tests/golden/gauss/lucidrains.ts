import * as tf from "@tensorflow/tfjs-core";
import type { Parameterization } from "../../../packages/core/src/index.ts";
import {
  clip,
  eps,
  minSnr,
  simple,
  snrWeight,
  v,
  x0 as x0Meaning,
} from "../../../packages/diffusion/src/index.ts";
import { posteriorLogVariance } from "../../../packages/schedules/src/authoring.ts";
import { chainOf } from "../../../packages/schedules/src/index.ts";
import { type Case, errorOf } from "../result.ts";
import { type Given, gainOf, guessOf, mixed } from "./given.ts";
import { memberCases, type Part, stored } from "./names.ts";
import { FLOAT64, imageError, vectorError } from "./numbers.ts";
import { lossesOf, speaking } from "./objectives.ts";

/** What denoising-diffusion-pytorch makes of a block. */
export type Lucidrains = Part;

const meanings: Readonly<Record<string, Parameterization>> = {
  pred_noise: eps(),
  pred_x0: x0Meaning(),
  pred_v: v(),
};

/** Predictions, losses and weights of denoising-diffusion-pytorch. */
export function lucidrainsCases(where: string, given: Given, golden: Lucidrains): Case[] {
  const objectives = Object.entries(meanings).flatMap(([name, meaning]) =>
    golden[name] === undefined
      ? []
      : objectiveCases(`${where} lucidrains ${name}`, given, name, meaning, golden[name] as Part),
  );
  return [...objectives, ...ownCases(where, given, golden)];
}

/** `min_snr_gamma_5`, of which the number is γ. */
const GAMMA = /min_snr_gamma_([\d.]+)/.source;

function objectiveCases(
  where: string,
  given: Given,
  name: string,
  meaning: Parameterization,
  golden: Part,
): Case[] {
  const { x, output, moments, schedule } = given;
  const noiseGain = Math.max(...moments.map(({ sigma }) => 1 / sigma));
  const gain = gainOf(given, meaning);
  const amplified = Math.max(noiseGain, gain);
  const weightOf = (gamma?: string) => (gamma === undefined ? snrWeight() : minSnr({ gamma: Number(gamma) }));
  const perItem = (gamma?: string) =>
    lossesOf(
      given,
      speaking(() => output),
      meaning,
      weightOf(gamma),
    );
  const weights = (gamma?: string) =>
    moments.map((at) => {
      const scalars = meaning.at(at, schedule);
      return weightOf(gamma).at(at, schedule, scalars) * scalars.out ** 2;
    });
  const guesses = (clipped: boolean) => {
    const found = guessOf(given, meaning);
    const x0Guess = clipped ? clip()(() => ({ x0: found }))(x, moments[0]!).x0 : found;
    const epsGuess = mixed(given, x, x0Guess, ({ alpha, sigma }) => [1 / sigma, -alpha / sigma]);
    return { x0: x0Guess, eps: name === "pred_noise" && !clipped ? output : epsGuess };
  };
  const mean = (each: ArrayLike<number>) =>
    Array.from(each).reduce((sum, loss) => sum + loss, 0) / each.length;
  return memberCases(
    where,
    golden,
    ["note"],
    [
      [
        new RegExp(`^p_losses_per_item(?:_${GAMMA})?$`),
        (wanted, gamma) => vectorError(perItem(gamma), stored(wanted).data),
      ],
      [
        new RegExp(`^p_losses_mean(?:_${GAMMA})?$`),
        (wanted, gamma) => vectorError([mean(perItem(gamma))], [wanted as number]),
      ],
      [
        new RegExp(`^loss_weight(?:_${GAMMA})?_at_t$`),
        (wanted, gamma) => errorOf(weights(gamma), stored(wanted).data, FLOAT64),
      ],
      ["pred_x_start", (wanted) => imageError(guesses(false).x0, stored(wanted), gain)],
      ["pred_x_start_clipped", (wanted) => imageError(guesses(true).x0, stored(wanted), gain)],
      ["pred_noise", (wanted) => imageError(guesses(false).eps, stored(wanted), amplified)],
      ["pred_noise_clipped_rederived", (wanted) => imageError(guesses(true).eps, stored(wanted), amplified)],
    ],
  );
}

function ownCases(where: string, given: Given, golden: Lucidrains): Case[] {
  const { x0, eps: noise, output, steps, schedule } = given;
  const gain = gainOf(given, v());
  const both = () => tf.concat([output, given.variance], 3);
  return memberCases(
    `${where} lucidrains`,
    golden,
    [...Object.keys(meanings), "note"],
    [
      [
        "predict_v(x0, noise)",
        (wanted) =>
          imageError(
            mixed(given, noise, x0, ({ alpha, sigma }) => [alpha, -sigma]),
            stored(wanted),
            gain,
          ),
      ],
      [
        "predict_start_from_v(x_t, model_output)",
        (wanted) => imageError(guessOf(given, v()), stored(wanted), gain),
      ],
      [
        "posterior_log_variance_clipped_at_t",
        (wanted) => {
          const logs = posteriorLogVariance(chainOf(schedule), "floor");
          return errorOf(
            steps.map((step) => logs[step]!),
            stored(wanted).data,
            FLOAT64,
          );
        },
      ],
      [
        /^LearnedGaussianDiffusion_p_losses_per_item\(vb_loss_weight=([\d.e-]+)\)$/,
        (wanted, weight) => {
          const bound = { variance: "learned-range", weight: Number(weight), least: 1e-15 } as const;
          const ours = lossesOf(given, speaking(both, true), eps(), simple(), { bound, clip: "floor" });
          return vectorError(ours, stored(wanted).data);
        },
      ],
    ],
  );
}
