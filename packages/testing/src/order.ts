import { mean } from "@ddpm/core/authoring";
/**
 * The order of convergence: the slope of ln(error) against ln(1 / steps), by least squares.
 *
 * @param steps  numbers of steps, at least two different ones
 * @param errors the error of each
 */
export function fittedOrder(steps: readonly number[], errors: readonly number[]): number {
  const x = steps.map((count) => -Math.log(count));
  const y = errors.map((error) => Math.log(error));
  const [xMean, yMean] = [mean(x), mean(y)];
  const covariance = mean(x.map((value, i) => (value - xMean) * (y[i]! - yMean)));
  return covariance / mean(x.map((value) => (value - xMean) ** 2));
}

/** Root of the mean squared difference. */
export function rms(a: ArrayLike<number>, b: ArrayLike<number>): number {
  let sum = 0;
  for (let i = 0; i < a.length; i++) sum += (a[i]! - b[i]!) ** 2;
  return Math.sqrt(sum / a.length);
}
