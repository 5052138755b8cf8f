/** Step lengths below which the closed forms cancel, and the first terms of their series are exact. */
const SHORT = 1e-4;

/**
 * Integrals of an exponential against 1, λ and λ² over a step of length H: what x̂_0 and its first two derivatives
 * count in an exponential integrator. Each is finite at H = ∞.
 *
 * Source: Lu et al. 2022 ("DPM-Solver"), eq. B.3, in the form of k-diffusion's `sample_dpmpp_3m_sde`.
 *
 * @param step H > 0 for data prediction; −H < 0 for noise prediction
 */
export function phis(step: number): readonly [phi1: number, phi2: number, phi3: number] {
  const phi1 = -Math.expm1(-step);
  if (step === Number.POSITIVE_INFINITY) return [1, 1, -0.5];
  if (Math.abs(step) < SHORT) {
    const [second, third, fourth] = [step / 2, step ** 2 / 6, step ** 3 / 24];
    return [phi1, second - third + fourth, -step / 6 + step ** 2 / 24 - step ** 3 / 120];
  }
  const phi2 = 1 - phi1 / step;
  return [phi1, phi2, phi2 / step - 0.5];
}

/**
 * What guesses at falling noise count in `value · g + slope · h g′ + bend · h² g″ / 2`, with the derivatives in λ at
 * the newest guess taken from finite differences of one, two or three guesses.
 *
 * The exact integral of a step has bend = −2 phi3; the published third-order methods take −phi3, half of it, and so do
 * the samplers here, to give their numbers.
 *
 * @param lambdas λ of the guesses, newest first, one to three
 * @param h       λ to go
 * @returns as many weights, newest first
 */
export function taylorWeights(
  lambdas: readonly number[],
  h: number,
  value: number,
  slope: number,
  bend: number,
): readonly number[] {
  const [l0, l1, l2] = lambdas as [number, number?, number?];
  if (l1 === undefined) return [value];
  const r0 = (l0 - l1) / h;
  if (l2 === undefined) return [value + slope / r0, -slope / r0];
  const r1 = (l1 - l2) / h;
  const near = slope * (1 + r0 / (r0 + r1)) + bend / (r0 + r1);
  const far = -(slope * r0 + bend) / (r0 + r1);
  return [value + near / r0, far / r1 - near / r0, -far / r1];
}
