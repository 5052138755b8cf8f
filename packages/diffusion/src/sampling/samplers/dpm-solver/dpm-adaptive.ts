import {
  fail,
  halfLogSnr,
  type Moment,
  momentAt,
  type Plugin,
  type Sampler,
  timeAtHalfLogSnr,
} from "@ddpm/core";
import { noSignal } from "@ddpm/core/authoring";
import type { Tensor } from "@tensorflow/tfjs-core";
import * as tf from "@tensorflow/tfjs-core";
import * as z from "zod";
import { plugin } from "../../../plugin.ts";
import {
  type AncestralOptions,
  type AncestralStep,
  ancestralShape,
  ancestralStep,
} from "../../arithmetic/ancestral.ts";
import { combine } from "../../arithmetic/combine.ts";
import { dpmStages } from "../../arithmetic/dpm-stages.ts";
import { paceAfter } from "../../arithmetic/step-size.ts";
import { moveTo, predict } from "../../prediction.ts";

/** Options of {@link dpmAdaptive}. */
export interface DpmAdaptiveOptions extends AncestralOptions {
  /** Order of the better of the two solutions that are compared, 2 or 3; 3. */
  readonly order?: number | undefined;
  /** Error allowed per number, as a share of it; 0.05. */
  readonly relative?: number | undefined;
  /** Error allowed per number at least; 0.0078, a grey level of 256 over [−1, 1]. */
  readonly absolute?: number | undefined;
  /** First step in λ; 0.05. */
  readonly first?: number | undefined;
  /** Gains of the step-size controller; 0, 1 and 0. */
  readonly proportional?: number | undefined;
  readonly integral?: number | undefined;
  readonly derivative?: number | undefined;
  /** Steps are taken when the next one would be at least this much longer; 0.81. */
  readonly safety?: number | undefined;
  /** Share of fresh noise, 0 … 1; 0. */
  readonly eta?: number | undefined;
  /** The sigma / alpha at which a trajectory to clean images takes its last, first-order step; 0.01. */
  readonly sigmaMin?: number | undefined;
}

/** What one step hands to the next: the length to try, in λ, and the controller's errors. */
interface Memo {
  readonly length: number;
  readonly errors: readonly number[] | undefined;
}

/**
 * DPM-Solver-12 and -23 with steps of their own choice: two orders are compared, and a step that is off by more than
 * allowed is done again, shorter. A refused step is a step of the loop that stays where it is. The x of its history
 * is the lower-order solution, which the next step measures its error against.
 *
 * The error is that of the whole batch, read back at every step: samples depend on their batch, unlike with every other
 * sampler, and the backend must be able to read at once.
 *
 * Source: Lu et al. 2022, "DPM-Solver", appendix C; k-diffusion `sample_dpm_adaptive`.
 */
export const dpmAdaptive: Plugin<DpmAdaptiveOptions, Sampler> = plugin({
  name: "dpm-adaptive",
  about: "Single-step DPM-Solver that chooses its own steps by comparing two orders.",
  source: "Lu et al. 2022 (DPM-Solver), appendix C; k-diffusion, sample_dpm_adaptive",
  options: {
    order: z.number().int().min(2).max(3).default(3).describe("order of the better of the two solutions"),
    relative: z.number().positive().default(0.05).describe("error allowed per number, as a share of it"),
    absolute: z.number().positive().default(0.0078).describe("error allowed per number at least"),
    first: z.number().positive().default(0.05).describe("first step in half-log-SNR"),
    proportional: z.number().default(0).describe("proportional gain of the step-size controller"),
    integral: z.number().default(1).describe("integral gain of the step-size controller"),
    derivative: z.number().default(0).describe("derivative gain of the step-size controller"),
    safety: z
      .number()
      .positive()
      .default(0.81)
      .describe("steps are taken when the next would be this much longer"),
    ...ancestralShape,
    eta: ancestralShape.eta.default(0),
    sigmaMin: z
      .number()
      .positive()
      .default(0.01)
      .describe("sigma / alpha of the last step into clean images"),
  },
  create: ({ order, relative, absolute, first, eta, noiseScale, sigmaMin, ...gains }) => ({
    name: "dpm-adaptive",
    order: eta > 0 ? 0 : order,
    calls: order,
    adaptive: true,
    memory: 1,
    step({ x, from, to, denoise, schedule, noise, history, memo }) {
      if (noSignal(from)) {
        fail("diffusion/dpm-adaptive", "no signal is left at the start: λ is infinite.", "Start at t < 1.");
      }
      const prediction = predict(x, from, denoise);
      const goal = to.sigma > 0 ? halfLogSnr(to) : -Math.log(sigmaMin);
      const here = halfLogSnr(from);
      if (here >= goal - 1e-5) return { x: moveTo(prediction, to), prediction, at: to };

      const { length, errors } = (memo as Memo | undefined) ?? { length: first, errors: undefined };
      const end = Math.min(goal, here + length);
      const arrived = end >= goal - 1e-5 && to.sigma > 0;
      const at = arrived ? to : momentAt(schedule, timeAtHalfLogSnr(schedule, end));
      if (!(at.t < from.t)) {
        fail(
          "diffusion/dpm-adaptive",
          `the error stays above what is allowed however short the step, at t = ${from.t}.`,
          "Raise relative and absolute, or take dpmpp-2m.",
        );
      }
      const { down, up } = notBeyond(ancestralStep(from, at, eta), at, goal);
      const stages = dpmStages(prediction, down, schedule, denoise);
      const low = order === 2 ? stages.first() : stages.second(1 / 3);
      const high = order === 2 ? stages.second(0.5) : stages.third();

      const before = history[0]?.x ?? x;
      const size = tf.maximum(tf.abs(low), tf.abs(before));
      const allowed = tf.maximum(tf.mul(size, relative), absolute);
      const error = Math.sqrt(tf.mean(tf.square(tf.div(tf.sub(low, high), allowed))).dataSync()[0]!);
      const pace = paceAfter(error, eta > 0 ? 1.5 : order, errors, gains);
      const next: Memo = { length: length * pace.factor, errors: pace.errors };
      const kept = (solution: Tensor) => ({ ...prediction, x: solution });
      if (!pace.accepted) return { x, prediction: kept(before), at: from, memo: next };
      return {
        x: up > 0 ? combine([1, high], [noiseScale * up, noise()]) : high,
        prediction: kept(low),
        at,
        memo: next,
      };
    },
  }),
});

/** An ancestral step that does not dip below the end of the trajectory. */
function notBeyond(step: AncestralStep, at: Moment, goal: number): AncestralStep {
  const lowest = at.alpha * Math.exp(-goal);
  if (step.down.sigma >= lowest) return step;
  const up = Math.sqrt(Math.max(at.sigma ** 2 - lowest ** 2, 0));
  return { down: { alpha: at.alpha, sigma: lowest }, up };
}
