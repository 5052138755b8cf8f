import { noise, tensor } from "./deterministic.ts";

type Rows = readonly (readonly number[])[];

const mean = (values: readonly number[]): number =>
  values.reduce((sum, value) => sum + value, 0) / values.length;

const rowsOf = (data: readonly number[], width: number): Rows =>
  Array.from({ length: data.length / width }, (_, i) => data.slice(i * width, (i + 1) * width));

function statistics(rows: Rows) {
  const width = rows[0]!.length;
  const centre = Array.from({ length: width }, (_, k) => mean(rows.map((row) => row[k]!)));
  const covariance = centre.map((_, i) =>
    centre.map(
      (_, j) =>
        rows.reduce((sum, row) => sum + (row[i]! - centre[i]!) * (row[j]! - centre[j]!), 0) /
        (rows.length - 1),
    ),
  );
  return { centre, covariance };
}

/** The unbiased squared MMD of the cubic polynomial kernel (x·y / d + 1)³. */
function kid(a: Rows, c: Rows): number {
  const kernel = (x: readonly number[], y: readonly number[]) =>
    (x.reduce((sum, value, k) => sum + value * y[k]!, 0) / x.length + 1) ** 3;
  const within = (rows: Rows) => {
    const sum = rows
      .flatMap((x, i) => rows.map((y, j) => (i === j ? 0 : kernel(x, y))))
      .reduce((s, v) => s + v, 0);
    return sum / (rows.length * (rows.length - 1));
  };
  const across = mean(a.flatMap((x) => c.map((y) => kernel(x, y))));
  return within(a) + within(c) - 2 * across;
}

/** Features of one dimension have their Fréchet distance in closed form. */
function featuresCase(first: number, second: number, width: number, seed: number) {
  const [a, c] = [noise(seed, [first, width]), noise(seed + 1, [second, width])];
  const [rowsA, rowsC] = [rowsOf(a.data, width), rowsOf(c.data, width)];
  const [one, two] = [statistics(rowsA), statistics(rowsC)];
  const frechet =
    (one.centre[0]! - two.centre[0]!) ** 2 +
    (Math.sqrt(one.covariance[0]![0]!) - Math.sqrt(two.covariance[0]![0]!)) ** 2;
  return {
    id: `generated ${first} and ${second} of ${width}`,
    features_1_generated: a,
    features_2_real: c,
    mu_1: tensor([width], one.centre),
    sigma_1: tensor([width, width], one.covariance.flat()),
    mu_2: tensor([width], two.centre),
    sigma_2: tensor([width, width], two.covariance.flat()),
    kid: { "poly degree=3 gamma=None coef0=1, unbiased": kid(rowsA, rowsC) },
    ...(width === 1 ? { frechet_distance: { "pytorch-fid": frechet } } : {}),
  };
}

/** A file in the format of fid.json with other numbers and widths; the last case has names that nobody knows. */
export function fidFile() {
  const known = [featuresCase(5, 9, 1, 70), featuresCase(12, 7, 3, 72), featuresCase(6, 6, 4, 74)];
  const { features_1_generated, features_2_real } = known[0]!;
  const strange = { id: "unknown", features_1_generated, features_2_real, spirals: { "k=3": 1 } };
  return { cases: [...known, strange] };
}

/** How many parts of {@link fidFile} are unsupported. */
export const unknownFid = 1;
