import type * as tf from "@tensorflow/tfjs-core";
import { priorTerm } from "../../../packages/diffusion/src/authoring.ts";
import { eps, xprev } from "../../../packages/diffusion/src/index.ts";
import { posteriorLogVariance } from "../../../packages/schedules/src/authoring.ts";
import { chainOf } from "../../../packages/schedules/src/index.ts";
import { type Case, errorOf } from "../result.ts";
import { before, type Given, gainOf, guessOf, type MainSchedule, mixed } from "./given.ts";
import { type Comparison, memberCases, stored } from "./names.ts";
import { FLOAT64, imageError } from "./numbers.ts";

/** q, its posterior, and how one prediction becomes another. */
export function algebraCases(where: string, given: Given, golden: MainSchedule): Case[] {
  const { moments, schedule, x0, x, output, steps } = given;
  const chain = chainOf(schedule);
  const host = (name: string, ours: () => readonly number[]): Comparison => [
    name,
    (wanted) => errorOf(ours(), stored(wanted).data, FLOAT64),
  ];
  const picture = (name: string, ours: () => tf.Tensor, gain = 1): Comparison => [
    name,
    (wanted) => imageError(ours(), stored(wanted), gain),
  ];
  const at = (values: ArrayLike<number>) => steps.map((step) => values[step]!);
  const noiseGain = Math.max(...moments.map(({ sigma }) => 1 / sigma));
  const posterior = () =>
    mixed(given, x, x0, (_, i) => {
      const { keep, pull } = before(given, i);
      return [keep, pull];
    });
  return memberCases(
    where,
    golden,
    ["schedule", "lucidrains", "p_mean_variance_and_vlb", "note"],
    [
      host("alphas_cumprod_at_t", () => moments.map(({ alpha }) => alpha ** 2)),
      host("betas_at_t", () => at(chain.betas)),
      picture("q_sample", () => x),
      picture("q_mean", () => mixed(given, x0, x0, ({ alpha }) => [alpha, 0])),
      host("q_variance_per_item", () => moments.map(({ sigma }) => sigma ** 2)),
      host("q_log_variance_per_item", () => moments.map(({ sigma }) => 2 * Math.log(sigma))),
      picture("posterior_mean", posterior),
      host("posterior_variance_per_item", () => steps.map((_, i) => before(given, i).variance)),
      host("posterior_log_variance_clipped_per_item", () => at(posteriorLogVariance(chain, "next"))),
      host("posterior_mean_coef1_at_t", () => steps.map((_, i) => before(given, i).pull)),
      host("posterior_mean_coef2_at_t", () => steps.map((_, i) => before(given, i).keep)),
      picture("x0_from_eps(x_t, model_output)", () => guessOf(given, eps()), gainOf(given, eps())),
      picture(
        "eps_from_x0(x_t, model_output)",
        () => mixed(given, x, output, ({ alpha, sigma }) => [1 / sigma, -alpha / sigma]),
        noiseGain,
      ),
      picture("x0_from_xprev(x_t, model_output)", () => guessOf(given, xprev()), gainOf(given, xprev())),
      [
        "prior_bpd",
        (wanted) =>
          errorOf(priorTerm(x0, schedule).dataSync(), stored(wanted).data, { abs: 1e-12, rel: 2e-6 }),
      ],
    ],
  );
}
