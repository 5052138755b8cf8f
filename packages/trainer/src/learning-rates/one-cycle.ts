import type { Plugin } from "@ddpm/core";
import * as z from "zod";
import { plugin } from "../plugin.ts";
import type { LearningRate } from "./learning-rate.ts";
import { elapsed, lengthOption, rateOption, type Unit, unitOption, whole } from "./unit.ts";

/** From `a` to `b` as s runs from 0 to 1. */
type Curve = (a: number, b: number, s: number) => number;

const curves: Readonly<Record<"cosine" | "linear", Curve>> = {
  cosine: (a, b, s) => b + ((a - b) / 2) * (1 + Math.cos(Math.PI * s)),
  linear: (a, b, s) => a + (b - a) * s,
};

/** Share of the way from one point to another; a phase without length is over where it begins. */
function between(from: number, to: number, n: number): number {
  return to > from ? (n - from) / (to - from) : 1;
}

/**
 * Up from rate / start to `rate` in the first `rise` of the way, then down to rate / start / end; with `threePhases`
 * down to the first rate in as many steps as it rose, and only then to the last.
 */
export const oneCycle: Plugin<
  {
    rate?: number;
    length?: number;
    rise?: number;
    start?: number;
    end?: number;
    shape?: "cosine" | "linear";
    threePhases?: boolean;
    unit?: Unit;
  },
  LearningRate
> = plugin({
  name: "one-cycle",
  about: "One long rise and one longer fall.",
  source: "Smith and Topin 2017; torch OneCycleLR",
  options: {
    rate: rateOption,
    length: lengthOption,
    rise: z.number().gt(0).lt(1).default(0.3).describe("share of the way that rises"),
    start: z.number().positive().default(25).describe("full rate over the first one"),
    end: z.number().positive().default(1e4).describe("first rate over the last one"),
    shape: z.enum(["cosine", "linear"]).default("cosine").describe("of rise and fall"),
    threePhases: z.boolean().default(false).describe("fall to the first rate before the last one"),
    unit: unitOption,
  },
  create({ rate, length, rise, start, end, shape, threePhases, unit }): LearningRate {
    const first = rate / start;
    const last = first / end;
    const curve = curves[shape];
    return {
      name: "one-cycle",
      at(progress) {
        const total = length ?? whole(unit, progress);
        const top = rise * total - 1;
        const final = total - 1;
        const n = Math.min(elapsed(unit, progress), final);
        if (n <= top) return curve(first, rate, between(0, top, n));
        if (!threePhases) return curve(rate, last, between(top, final, n));
        const bottom = 2 * rise * total - 2;
        if (n <= bottom) return curve(rate, first, between(top, bottom, n));
        return curve(first, last, between(bottom, final, n));
      },
    };
  },
});
