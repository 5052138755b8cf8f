import * as tf from "@tensorflow/tfjs-core";
import { momentAt, type NoiseSchedule } from "../../../packages/core/src/index.ts";
import { levelColumns, type VarianceKind } from "../../../packages/diffusion/src/authoring.ts";
import { diffuse } from "../../../packages/diffusion/src/index.ts";
import { type Case, caseOf, unsupported } from "../result.ts";
import type { Stored } from "../sampling/file.ts";

/** Variance types of improved-diffusion. */
export const kindsOf: Readonly<Record<string, VarianceKind>> = {
  FIXED_SMALL: "fixed-small",
  FIXED_LARGE: "fixed-large",
  LEARNED: "learned-log",
  LEARNED_RANGE: "learned-range",
};

/** A block of which only some members are known. */
export type Part = Readonly<Record<string, unknown>>;

/** A member that is a stored tensor, or a plain list of numbers. */
export function stored(value: unknown): Stored {
  if (Array.isArray(value)) return { shape: [value.length], data: value as number[] };
  return value as Stored;
}

/**
 * Compares every member of a block that is no input, each as a case of its own: the first pattern that fits its name says
 * how. A member that no pattern fits is unsupported.
 */
export function memberCases(
  where: string,
  block: Part,
  inputs: readonly string[],
  comparisons: readonly Comparison[],
): Case[] {
  return Object.keys(block)
    .filter((name) => !inputs.includes(name) && name !== "id")
    .map((name) =>
      caseOf(`${where} ${name}`, () => {
        for (const [pattern, compare] of comparisons) {
          const found = typeof pattern === "string" ? (pattern === name ? [name] : null) : pattern.exec(name);
          if (found) return tf.tidy(() => compare(block[name], ...found.slice(1)));
        }
        return unsupported(`nothing compares ${name}`);
      }),
    );
}

/** A member's name, or a pattern of it whose groups are numbers of the comparison. */
export type Comparison = readonly [
  pattern: string | RegExp,
  compare: (golden: unknown, ...groups: readonly string[]) => number,
];

/** Noises images with levels of a schedule at steps. */
export function noised(
  schedule: NoiseSchedule,
  steps: readonly number[],
  x0: tf.Tensor,
  noise: tf.Tensor,
): tf.Tensor {
  const { alpha, sigma } = levelColumns(
    steps.map((step) => momentAt(schedule, (step + 1) / schedule.steps!)),
  );
  return diffuse(x0, noise, tf.tensor1d(alpha), tf.tensor1d(sigma));
}
