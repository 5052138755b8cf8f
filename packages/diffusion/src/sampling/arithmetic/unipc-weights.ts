import { solve } from "@ddpm/core/authoring";
/**
 * What the differences of other guesses to the first count in a UniPC step of length h in λ, all divided by the
 * common factor B: from R ρ = b with R_ij = r_j^i.
 *
 * Source: Zhao et al. 2023, "UniPC", eq. 5 and appendix A; the ½ of two points as in their code.
 *
 * @param ratios r of the other guesses, in units of the step
 * @param hh     −h for data prediction, h for noise prediction
 * @param kind   B(h): h (bh1) or e^h − 1 (bh2)
 * @returns B · ρ, one per ratio
 */
export function unipcWeights(ratios: readonly number[], hh: number, kind: "bh1" | "bh2"): readonly number[] {
  const scale = kind === "bh1" ? hh : Math.expm1(hh);
  if (ratios.length === 1) return [scale / 2];
  let phi = Math.expm1(hh) / hh - 1;
  let factorial = 1;
  const right = ratios.map((_, i) => {
    const value = phi * factorial;
    factorial *= i + 2;
    phi = phi / hh - 1 / factorial;
    return value;
  });
  return solve(
    ratios.map((_, i) => ratios.map((ratio) => ratio ** i)),
    right,
  )!;
}
