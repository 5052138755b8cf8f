/** A similarity of two rows, from x · y, x · x and y · y. */
export interface Kernel {
  readonly name: string;
  /** Made for rows of `dimension` numbers. */
  of(dimension: number): (xy: number, xx: number, yy: number) => number;
}

/** Options of {@link polynomialKernel}. */
export interface PolynomialKernelOptions {
  /** 3 */
  readonly degree?: number | undefined;
  /** 1 / dimension */
  readonly gamma?: number | undefined;
  /** 1 */
  readonly coef0?: number | undefined;
}

/** (gamma x · y + coef0)^degree: KID's kernel with the defaults. Source: Bińkowski et al. 2018, eq. 4. */
export function polynomialKernel({ degree = 3, gamma, coef0 = 1 }: PolynomialKernelOptions = {}): Kernel {
  const name = `polynomial-${degree}${gamma === undefined ? "" : `-gamma-${gamma}`}${coef0 === 1 ? "" : `-coef0-${coef0}`}`;
  return {
    name,
    of(dimension) {
      const scale = gamma ?? 1 / dimension;
      return (xy) => (scale * xy + coef0) ** degree;
    },
  };
}

/** exp(−|x − y|² / (2 sigma²)) */
export function gaussianKernel({ sigma }: { readonly sigma: number }): Kernel {
  const scale = 1 / (2 * sigma * sigma);
  return { name: `gaussian-${sigma}`, of: () => (xy, xx, yy) => Math.exp((2 * xy - xx - yy) * scale) };
}
