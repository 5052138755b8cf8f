import {
  type Moment,
  momentAt,
  type NoiseSchedule,
  type Plugin,
  type Prediction,
  type Sampler,
  stepOfTime,
  timeOfStep,
} from "@ddpm/core";
import { noSignal, type StepInput } from "@ddpm/core/authoring";
import type { Tensor } from "@tensorflow/tfjs-core";
import * as z from "zod";
import { plugin } from "../../../plugin.ts";
import { adamsBashforth } from "../../arithmetic/adams-bashforth.ts";
import { combine, type Term } from "../../arithmetic/combine.ts";
import { firstStep } from "../../arithmetic/first-step.ts";
import { epsOf, moveTo, predict } from "../../prediction.ts";

/** Options of {@link pndm}. */
export interface PndmOptions {
  /** How to start: three pseudo Runge–Kutta steps of four calls, or one step of two; "runge-kutta". */
  readonly start?: "runge-kutta" | "improved-euler" | undefined;
  /** What is averaged over guesses: ε̂, or v = alpha · ε̂ − sigma · x̂_0, as networks that return v would; "eps". */
  readonly average?: "eps" | "v" | undefined;
  /** End at the level of a chain's first step instead of at clean images (diffusers' `set_alpha_to_one: false`); false. */
  readonly toFirstStep?: boolean | undefined;
}

/** A weighted sum of guesses of the noise, or of v, brought to a step. */
type Average = readonly (readonly [weight: number, guess: Prediction])[];

/** The noise guess of an average, at the start of a step: of v it is (alpha · v + sigma · x) / (alpha² + sigma²). */
function epsIn(average: Average, kind: "eps" | "v", { x, at }: Prediction): Tensor {
  if (kind === "eps") return combine(...average.map(([weight, guess]): Term => [weight, epsOf(guess)]));
  const total = at.alpha ** 2 + at.sigma ** 2;
  const terms = average.flatMap(([weight, guess]): Term[] => {
    const share = (at.alpha * weight) / total;
    return [
      [share * guess.at.alpha, epsOf(guess)],
      [-share * guess.at.sigma, guess.x0],
    ];
  });
  return combine(...terms, [at.sigma / total, x]);
}

/** Halfway between two moments, twice: on a chain the whole steps above and below, as diffusers goes to each once. */
function halfway(schedule: NoiseSchedule, from: Moment, to: Moment): readonly [above: Moment, below: Moment] {
  const { steps } = schedule;
  if (steps === undefined) {
    const middle = momentAt(schedule, (from.t + to.t) / 2);
    return [middle, middle];
  }
  const [start, end] = [stepOfTime(from.t, steps), stepOfTime(to.t, steps)];
  const half = Math.floor((start - end) / 2);
  return [
    momentAt(schedule, timeOfStep(start - half, steps)),
    momentAt(schedule, timeOfStep(end + half, steps)),
  ];
}

/**
 * Pseudo numerical method: Adams–Bashforth weights of four noise guesses, for evenly spaced times, moved along with
 * DDIM's transfer. With fewer guesses it starts by pseudo Runge–Kutta (PRK) or an improved Euler step (PLMS).
 *
 * Source: Liu et al. 2022, "Pseudo Numerical Methods for Diffusion Models on Manifolds", algorithms 1 and 2; diffusers
 * PNDMScheduler.
 */
export const pndm: Plugin<PndmOptions, Sampler> = plugin({
  name: "pndm",
  about: "Adams–Bashforth over evenly spaced times along DDIM: one call after the start.",
  source: "Liu et al. 2022 (PNDM), algorithms 1 and 2",
  options: {
    start: z
      .enum(["runge-kutta", "improved-euler"])
      .default("runge-kutta")
      .describe("three steps of four calls, or one of two"),
    average: z.enum(["eps", "v"]).default("eps").describe("average noise predictions, or v"),
    toFirstStep: z
      .boolean()
      .default(false)
      .describe("end at the level of the chain's first step instead of at clean images"),
  },
  create: ({ start, average: kind, toFirstStep }) => ({
    name: "pndm",
    order: 1,
    memory: 3,
    step(input) {
      const { x, from, denoise, history, index, schedule } = input;
      const to = toFirstStep && input.to.sigma === 0 ? firstStep("diffusion/pndm", schedule) : input.to;
      const prediction = predict(x, from, denoise);
      const go = (average: Average, end: Moment): Tensor =>
        noSignal(from)
          ? moveTo(prediction, end)
          : transfer(prediction, epsIn(average, kind, prediction), end);
      if (to.sigma > 0 && start === "runge-kutta" && index < 3) {
        return { x: rungeKutta({ ...input, to }, prediction, go), prediction };
      }
      if (to.sigma > 0 && start === "improved-euler" && index === 0) {
        const other = predict(go([[1, prediction]], to), to, denoise);
        return {
          x: go(
            [
              [0.5, prediction],
              [0.5, other],
            ],
            to,
          ),
          prediction,
        };
      }
      const known = [prediction, ...history];
      if (known.length === 1 && to.sigma === 0) return { x: moveTo(prediction, to), prediction };
      const weights = adamsBashforth(known.length);
      return {
        x: go(
          weights.map((weight, i) => [weight, known[i]!]),
          to,
        ),
        prediction,
      };
    },
  }),
});

function rungeKutta(
  { from, to, denoise, schedule }: StepInput,
  first: Prediction,
  go: (average: Average, end: Moment) => Tensor,
): Tensor {
  const [above, below] = halfway(schedule, from, to);
  const second = predict(go([[1, first]], above), above, denoise);
  const third = predict(go([[1, second]], below), below, denoise);
  const fourth = predict(go([[1, third]], to), to, denoise);
  return go(
    [
      [1 / 6, first],
      [1 / 3, second],
      [1 / 3, third],
      [1 / 6, fourth],
    ],
    to,
  );
}

/** DDIM's step with a given noise guess. */
function transfer({ x, at }: Prediction, eps: Tensor, to: Moment): Tensor {
  const ratio = to.alpha / at.alpha;
  return combine([ratio, x], [to.sigma - ratio * at.sigma, eps]);
}
