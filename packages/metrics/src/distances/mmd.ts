import { fail } from "@ddpm/core";
import { expectRows, type Features, sameExtractor } from "../features/features.ts";
import { type Numbers, rowProducts } from "../linear/row-products.ts";
import { type Kernel, polynomialKernel } from "./kernels.ts";

/** Rows whose kernels with all others are held at once. */
const ROWS_AT_ONCE = 256;

/**
 * Which pairs of one set count: `unbiased` leaves out a row with itself; `u-statistic` leaves out equal indices across the
 * sets as well; `biased` leaves out none.
 */
export type MmdEstimator = "unbiased" | "biased" | "u-statistic";

/** Options of {@link squaredMmd}. */
export interface MmdOptions {
  /** KID's cubic one. */
  readonly kernel?: Kernel;
  /** `unbiased` */
  readonly estimator?: MmdEstimator;
}

/**
 * Squared maximum mean discrepancy of two sets, all pairs, in float64. Unbiased, it can be below 0.
 *
 * Source: Gretton et al. 2012, eqs. 3–5; sizes may differ except for the u-statistic.
 *
 * @throws DdpmError for different extractors, fewer than 2 rows, or unequal sizes for the u-statistic
 */
export function squaredMmd(
  x: Features,
  y: Features,
  { kernel = polynomialKernel(), estimator = "unbiased" }: MmdOptions = {},
): number {
  sameExtractor("mmd", x, y);
  for (const { count } of [x, y]) expectRows("mmd", "one set", count, 2);
  if (estimator === "u-statistic" && x.count !== y.count) {
    fail("metrics/mmd", `${x.count} and ${y.count} rows given, expected equal sizes for the u-statistic.`);
  }
  const between = crossSum(x, y, kernel);
  const within = [x, y].map((set) => ({ ...withinSum(set, kernel), n: set.count }));
  if (estimator === "biased") {
    const own = within.reduce((sum, { pairs, same, n }) => sum + (2 * pairs + same) / (n * n), 0);
    return own - (2 * between.all) / (x.count * y.count);
  }
  const own = within.reduce((sum, { pairs, n }) => sum + (2 * pairs) / (n * (n - 1)), 0);
  if (estimator === "unbiased") return own - (2 * between.all) / (x.count * y.count);
  return own - (2 * (between.all - between.same)) / (x.count * (x.count - 1));
}

/** Sum over pairs j < i, and over every row with itself. */
function withinSum(set: Features, kernel: Kernel): { pairs: number; same: number } {
  const similarity = kernel.of(set.dimension);
  const norms = squaredNorms(set);
  let pairs = 0;
  let same = 0;
  eachBlock(set, set, true, (products, from, rows, columns) => {
    for (let i = from; i < from + rows; i++) {
      const at = (i - from) * columns;
      for (let j = 0; j < i; j++) pairs += similarity(products[at + j]!, norms[i]!, norms[j]!);
      same += similarity(norms[i]!, norms[i]!, norms[i]!);
    }
  });
  return { pairs, same };
}

/** Sum over all pairs across the sets, and over those of equal index. */
function crossSum(x: Features, y: Features, kernel: Kernel): { all: number; same: number } {
  const similarity = kernel.of(x.dimension);
  const [xx, yy] = [squaredNorms(x), squaredNorms(y)];
  let all = 0;
  let same = 0;
  eachBlock(x, y, false, (products, from, rows, columns) => {
    for (let i = from; i < from + rows; i++) {
      const at = (i - from) * columns;
      for (let j = 0; j < columns; j++) all += similarity(products[at + j]!, xx[i]!, yy[j]!);
      if (i < columns) same += similarity(products[at + i]!, xx[i]!, yy[i]!);
    }
  });
  return { all, same };
}

/** Calls `use` with the products of some rows of x with all of y, or with those up to the last of these rows. */
function eachBlock(
  x: Features,
  y: Features,
  upToOwn: boolean,
  use: (products: Float64Array, from: number, rows: number, columns: number) => void,
): void {
  const d = x.dimension;
  const buffer = new Float64Array(Math.min(ROWS_AT_ONCE, x.count) * y.count);
  for (let from = 0; from < x.count; from += ROWS_AT_ONCE) {
    const to = Math.min(x.count, from + ROWS_AT_ONCE);
    const columns = upToOwn ? to : y.count;
    const products = buffer.subarray(0, (to - from) * columns);
    rowProducts(x.data.subarray(from * d, to * d), y.data.subarray(0, columns * d), d, products);
    use(products, from, to - from, columns);
  }
}

/** x · x of every row, [N]. */
function squaredNorms({
  data,
  count,
  dimension,
}: {
  data: Numbers;
  count: number;
  dimension: number;
}): Float64Array {
  const norms = new Float64Array(count);
  for (let i = 0, at = 0; i < count; i++) {
    let sum = 0;
    for (let k = 0; k < dimension; k++, at++) sum += data[at]! * data[at]!;
    norms[i] = sum;
  }
  return norms;
}
