import { fail, type Plugin } from "@ddpm/core";
import * as z from "zod";
import { plugin } from "../plugin.ts";
import type { LearningRate } from "./learning-rate.ts";
import { elapsed, rateOption, type Unit, unitOption } from "./unit.ts";

/**
 * rate · factor of the first piece whose end is ahead; `last` after all of them.
 *
 * @throws DdpmError for pieces that are not in order
 */
export const pieces: Plugin<
  { rate?: number; pieces?: { until: number; factor: number }[]; last?: number; unit?: Unit },
  LearningRate
> = plugin({
  name: "pieces",
  about: "Constant pieces, written out.",
  source: "diffusers get_piecewise_constant_schedule",
  options: {
    rate: rateOption,
    pieces: z
      .array(z.strictObject({ until: z.number().positive(), factor: z.number().min(0) }))
      .default([])
      .describe("ends in units, ascending, and the factor before each"),
    last: z.number().min(0).default(1).describe("factor after the last piece"),
    unit: unitOption,
  },
  create({ rate, pieces: list, last, unit }): LearningRate {
    const late = list.findIndex(({ until }, i) => i > 0 && until <= list[i - 1]!.until);
    if (late > 0) {
      const [before, after] = [list[late - 1]!.until, list[late]!.until];
      fail("trainer/pieces", `a piece until ${after} after one until ${before}, expected them in order.`);
    }
    return {
      name: "pieces",
      at(progress) {
        const n = elapsed(unit, progress);
        return rate * (list.find(({ until }) => n < until)?.factor ?? last);
      },
    };
  },
});
