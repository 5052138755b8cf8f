import { betasOfAbar } from "@ddpm/schedules/authoring";
import { parseFormula } from "./parse.ts";

/** How steps are cut that a formula for ᾱ would take too far: the highest β that is published. */
const LIMITS = { min: 1e-8, max: 0.999 };

/** Fewer numbers are a slip, more are no chain that anybody trains. */
const MOST = 10_000;

/**
 * Betas from what a visitor typed: numbers parted by commas, spaces or lines; or a formula, `beta = 1e-4 + 0.02*t` or
 * `abar = cos(t*pi/2)^2`, of t in (0, 1], the step i from 0, and T.
 *
 * @param steps T for formulas
 * @throws with what is wrong
 */
export function ownBetas(text: string, steps: number): Float64Array {
  const [, left, right] = /^\s*(beta|β|abar|ᾱ)\s*=(.*)$/s.exec(text) ?? [];
  if (right === undefined) return listed(text);
  const formula = parseFormula(right, ["t", "i", "T"]);
  const at = (i: number): number => formula({ t: (i + 1) / steps, i, T: steps });
  if (left === "beta" || left === "β") return checked(Float64Array.from({ length: steps }, (_, i) => at(i)));
  return checked(betasOfAbar((t) => formula({ t, i: t * steps - 1, T: steps }), steps, LIMITS).betas);
}

function listed(text: string): Float64Array {
  const words = text.split(/[\s,;]+/).filter(Boolean);
  if (words.length === 0) throw new Error("Type betas, or a formula such as beta = 1e-4 + 0.02*t.");
  if (words.length > MOST) throw new Error(`${words.length} betas; at most ${MOST} are taken.`);
  const wrong = words.find((word) => !Number.isFinite(Number(word)));
  if (wrong !== undefined) throw new Error(`“${wrong}” is no number. Formulas begin with beta = or abar =.`);
  return checked(Float64Array.from(words, Number));
}

function checked(betas: Float64Array): Float64Array {
  const step = betas.findIndex((beta) => !(beta > 0 && beta <= 1));
  if (step >= 0) throw new Error(`β of step ${step} is ${betas[step]}; expected a number between 0 and 1.`);
  return betas;
}
