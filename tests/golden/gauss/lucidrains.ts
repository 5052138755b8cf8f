import * as tf from "@tensorflow/tfjs-core";
import { clip, eps, minSnr, simple, snr, v, x0 as x0Meaning } from "../../../packages/diffusion/src/index.ts";
import { chainOf, posteriorLogVariance } from "../../../packages/schedules/src/index.ts";
import { type Case, caseOf, errorOf } from "../result.ts";
import type { Stored } from "../sampling/file.ts";
import { type Given, gainOf, guessOf, mixed } from "./given.ts";
import { FLOAT64, imageError, vectorError } from "./numbers.ts";
import { lossesOf, speaking } from "./objectives.ts";

/** What denoising-diffusion-pytorch makes of a block. */
export interface Lucidrains {
  readonly [name: string]: Stored | Readonly<Record<string, Stored>> | number;
}

/** Predictions, losses and weights of denoising-diffusion-pytorch. */
export function lucidrainsCases(where: string, given: Given, golden: Lucidrains): Case[] {
  const { x, x0, eps: noise, output, moments, steps, schedule } = given;
  const meanings = { pred_noise: eps(), pred_x0: x0Meaning(), pred_v: v() };
  const noiseGain = Math.max(...moments.map(({ sigma }) => 1 / sigma));
  const objectives = Object.entries(meanings).flatMap(([name, meaning]) => {
    const wanted = golden[name] as Readonly<Record<string, Stored>>;
    const id = (part: string) => `${where} lucidrains ${name} ${part}`;
    const gain = gainOf(given, meaning);
    const plain = lossesOf(
      given,
      speaking(() => output),
      meaning,
      snr(),
    );
    const cut = lossesOf(
      given,
      speaking(() => output),
      meaning,
      minSnr(),
    );
    const weightOf = (weight: ReturnType<typeof snr>) =>
      moments.map((at) => {
        const said = meaning.at(at, schedule);
        return weight.at(at, schedule, said) * said.out ** 2;
      });
    const guesses = (clipped: boolean) => {
      const found = guessOf(given, meaning);
      const x0Guess = clipped ? clip()(() => ({ x0: found }))(x, moments[0]!).x0 : found;
      const epsGuess = mixed(given, x, x0Guess, ({ alpha, sigma }) => [1 / sigma, -alpha / sigma]);
      return { x0: x0Guess, eps: name === "pred_noise" && !clipped ? output : epsGuess };
    };
    const picture = (part: string, ours: () => tf.Tensor4D, times: number) =>
      caseOf(id(part), () => tf.tidy(() => imageError(ours(), wanted[part]!, times)));
    const amplified = Math.max(noiseGain, gain);
    return [
      caseOf(id("p_losses_per_item"), () => vectorError(plain, wanted.p_losses_per_item!.data)),
      caseOf(id("p_losses_per_item_min_snr_gamma_5"), () =>
        vectorError(cut, wanted.p_losses_per_item_min_snr_gamma_5!.data),
      ),
      caseOf(id("p_losses_mean_min_snr_gamma_5"), () =>
        vectorError(
          [cut.reduce((sum, loss) => sum + loss) / cut.length],
          [wanted.p_losses_mean_min_snr_gamma_5 as unknown as number],
        ),
      ),
      caseOf(id("loss_weight_at_t"), () => errorOf(weightOf(snr()), wanted.loss_weight_at_t!.data, FLOAT64)),
      caseOf(id("loss_weight_min_snr_gamma_5_at_t"), () =>
        errorOf(weightOf(minSnr()), wanted.loss_weight_min_snr_gamma_5_at_t!.data, FLOAT64),
      ),
      picture("pred_x_start", () => guesses(false).x0, gain),
      picture("pred_x_start_clipped", () => guesses(true).x0, gain),
      picture("pred_noise", () => guesses(false).eps, amplified),
      picture("pred_noise_clipped_rederived", () => guesses(true).eps, amplified),
    ];
  });
  const own = (name: string, ours: () => tf.Tensor4D) =>
    caseOf(`${where} lucidrains ${name}`, () =>
      tf.tidy(() => imageError(ours(), golden[name] as Stored, gainOf(given, v()))),
    );
  const learned = "LearnedGaussianDiffusion_p_losses_per_item(vb_loss_weight=0.001)";
  const both = () => tf.concat([output, given.variance], 3) as tf.Tensor4D;
  return [
    ...objectives,
    own("predict_v(x0, noise)", () => mixed(given, noise, x0, ({ alpha, sigma }) => [alpha, -sigma])),
    own("predict_start_from_v(x_t, model_output)", () => guessOf(given, v())),
    caseOf(`${where} lucidrains posterior_log_variance_clipped_at_t`, () => {
      const logs = posteriorLogVariance(chainOf(schedule), "floor");
      return errorOf(
        steps.map((step) => logs[step]!),
        (golden.posterior_log_variance_clipped_at_t as Stored).data,
        FLOAT64,
      );
    }),
    caseOf(`${where} lucidrains ${learned}`, () => {
      const bound = { variance: "learned-range", weight: 1e-3, least: 1e-15 } as const;
      const ours = lossesOf(given, speaking(both, true), eps(), simple(), { bound, clip: "floor" });
      return vectorError(ours, (golden[learned] as Stored).data);
    }),
  ];
}
