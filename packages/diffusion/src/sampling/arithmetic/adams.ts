/**
 * What the values of a function at some nodes count in its integral, with an exponential weight:
 * ∫_start^end p(y) e^{rate · (y − end)} dy for the polynomial p through the values.
 *
 * @param nodes places of the values, one to four, all different
 * @param rate  0 for the plain integral; `start` may then not be infinite
 * @returns as many weights
 */
export function adamsWeights(
  nodes: readonly number[],
  start: number,
  end: number,
  rate: number,
): readonly number[] {
  const moments = powerMoments(nodes.length, end - start, rate);
  return nodes.map((node, j) => {
    // The Lagrange polynomial of this node as coefficients of powers of y − end.
    let coefficients = [1];
    nodes.forEach((other, k) => {
      if (k === j) return;
      const scale = 1 / (node - other);
      const next = new Array<number>(coefficients.length + 1).fill(0);
      coefficients.forEach((value, power) => {
        next[power] = next[power]! + value * (end - other) * scale;
        next[power + 1] = next[power + 1]! + value * scale;
      });
      coefficients = next;
    });
    return coefficients.reduce((sum, value, power) => sum + value * moments[power]!, 0);
  });
}

/** ∫_{−length}^0 y^m e^{rate · y} dy for m = 0 … count − 1. */
function powerMoments(count: number, length: number, rate: number): number[] {
  const moments: number[] = [];
  for (let m = 0; m < count; m++) {
    const edge = (-length) ** m;
    if (rate === 0) moments.push((edge * length) / (m + 1));
    else if (m === 0) moments.push(-Math.expm1(-rate * length) / rate);
    else moments.push((-edge * Math.exp(-rate * length) - m * moments[m - 1]!) / rate);
  }
  return moments;
}
