import type { Kernel, MmdEstimator, SubsetIndices } from "../../packages/metrics/src/authoring.ts";
import {
  gaussianKernel,
  kidSubsets,
  polynomialKernel,
  squaredMmd,
} from "../../packages/metrics/src/authoring.ts";
import {
  type FeatureStatistics,
  type Features,
  featureStatistics,
  frechetDistance,
  inceptionScore,
  precisionRecall,
  toFeatures,
} from "../../packages/metrics/src/index.ts";
import { symmetricEigenvalues } from "../../packages/metrics/src/linear/eigenvalues.ts";
import { type Declared, memberOf } from "./declared.ts";
import {
  type Allowed,
  type Case,
  caseOf,
  errorOf,
  type GoldenResult,
  thrownCase,
  unsupported,
} from "./result.ts";
import { runParts } from "./run-parts.ts";

interface Stored {
  readonly shape: readonly number[];
  readonly data: readonly number[];
}

interface FidCase extends Declared {
  readonly id: string;
  readonly features_1_generated: Stored;
  readonly features_2_real: Stored;
}

interface Sets {
  readonly generated: Features;
  readonly real: Features;
}

/** What one part of a case declares, compared with what these sets give. */
type Part = (sets: Sets, stored: never, id: string) => Case[];

/** The parts of a case: one line each. */
const parts: Readonly<Record<string, Part>> = {
  mu_1: ({ generated }, stored: Stored, id) => [statisticCase(id, generated, "mean", stored)],
  sigma_1: ({ generated }, stored: Stored, id) => [statisticCase(id, generated, "covariance", stored)],
  mu_2: ({ real }, stored: Stored, id) => [statisticCase(id, real, "mean", stored)],
  sigma_2: ({ real }, stored: Stored, id) => [statisticCase(id, real, "covariance", stored)],
  frechet_distance: (sets, stored: Declared, id) =>
    each(stored, id, (name, value) => frechetError(sets, name, value)),
  kid: (sets, stored: Declared, id) => each(stored, id, (name, value) => kidError(sets, name, value)),
  precision_recall: (sets, stored: Declared, id) =>
    each(stored, id, (name, value) => precisionRecallError(sets, name, value as Declared)),
  inception_score: (sets, stored: Declared, id) =>
    each(stored, id, (name, value) => inceptionScoreError(sets, name, value as Declared)),
};

/** Checks a file in the format of fid.json, part by part, by what each declares. */
export function runFile(json: unknown): Promise<GoldenResult> {
  return runParts(json, { cases: partsOf });
}

function partsOf(golden: FidCase): Case[] {
  const { id, features_1_generated, features_2_real, ...rest } = golden;
  const set = ({ shape, data }: Stored): Features => toFeatures(Float64Array.from(data), shape[1]!, "golden");
  const sets = { generated: set(features_1_generated), real: set(features_2_real) };
  return Object.entries(rest).flatMap(([name, stored]) => {
    if (name === "note" || name === "reference") return [];
    const part = memberOf(parts, name.split(" ")[0]!);
    try {
      if (part) return part(sets, stored as never, `${id}/${name}`);
    } catch (error) {
      return [thrownCase(`${id}/${name}`, error)];
    }
    return [{ id: `${id}/${name}`, reason: `nothing compares ${name}` }];
  });
}

function each(stored: Declared, id: string, error: (name: string, value: unknown) => number): Case[] {
  return Object.entries(stored).map(([name, value]) => caseOf(`${id}/${name}`, () => error(name, value)));
}

/** Two float64 sums in different orders. */
const sums: Allowed = { abs: 1e-13, rel: 1e-12 };

function statisticCase(id: string, set: Features, which: "mean" | "covariance", stored: Stored): Case {
  return caseOf(id, () => errorOf(featureStatistics(set)[which], stored.data, sums));
}

function frechetError({ real, generated }: Sets, name: string, value: unknown): number {
  const added = /adds (\S+) to the diagonals/.exec(name)?.[1];
  if (!added && !/^(pytorch-fid|clean-fid|torch-fidelity)\b/.test(name)) {
    unsupported(`no Fréchet distance is declared as ${name}`);
  }
  const statistics = [real, generated].map(featureStatistics);
  const [a, b] = statistics.map((each) => (added ? withDiagonal(each, Number(added)) : each));
  const traces = [a!, b!].reduce((sum, each) => sum + trace(each), 0);
  const distance = a!.mean.reduce((sum, value, k) => sum + (value - b!.mean[k]!) ** 2, 0);
  // Rounding makes ε of a zero eigenvalue, whose root is √ε: the references differ by as much among themselves.
  const rounding = statistics.some(isSingular) ? 2e-8 : 1e-10;
  return errorOf([frechetDistance(a!, b!).value], [value as number], { abs: rounding * (traces + distance) });
}

function withDiagonal(statistics: FeatureStatistics, added: number): FeatureStatistics {
  const { dimension, covariance } = statistics;
  const changed = covariance.map((entry, at) => (at % (dimension + 1) === 0 ? entry + added : entry));
  return { ...statistics, covariance: changed };
}

function trace({ covariance, dimension }: FeatureStatistics): number {
  return covariance.reduce((sum, entry, at) => (at % (dimension + 1) === 0 ? sum + entry : sum), 0);
}

function isSingular({ covariance, dimension }: FeatureStatistics): boolean {
  const eigenvalues = symmetricEigenvalues(covariance, dimension);
  return eigenvalues[0]! < 1e-10 * eigenvalues.at(-1)!;
}

function kidError({ real, generated }: Sets, name: string, value: unknown): number {
  if (typeof value === "object" && value !== null)
    return subsetsError({ real, generated }, value as Declared);
  const estimator = /\b(unbiased|biased|u-statistic)\b/.exec(name)?.[1] as MmdEstimator | undefined;
  if (!estimator) unsupported(`no estimator is declared by ${name}`);
  const kernel = kernelOf(name);
  return errorOf([squaredMmd(real, generated, { kernel, estimator })], [value as number], {
    abs: 1e-12 * largest(kernel, [real, generated]),
  });
}

function kernelOf(name: string): Kernel {
  const option = (key: string): number | undefined => {
    const text = new RegExp(`\\b${key}=(\\S+?),?(?:\\s|$)`).exec(name)?.[1];
    return text === undefined || text === "None" ? undefined : Number(text);
  };
  if (/\brbf\b/.test(name))
    return gaussianKernel({ sigma: option("sigma") ?? unsupported("no sigma is declared") });
  if (/\bpoly\b/.test(name)) {
    return polynomialKernel({ degree: option("degree"), gamma: option("gamma"), coef0: option("coef0") });
  }
  if (/\b(mmd2|squared_mmd)\b/.test(name)) return polynomialKernel();
  return unsupported(`no kernel is declared by ${name}`);
}

/** The kernel of the longest row with itself: rounding of the sums is relative to it. */
function largest(kernel: Kernel, sets: readonly Features[]): number {
  const norms = sets.flatMap(({ data, dimension, count }) =>
    Array.from({ length: count }, (_, i) => {
      let sum = 0;
      for (let k = 0; k < dimension; k++) sum += data[i * dimension + k]! ** 2;
      return sum;
    }),
  );
  const most = Math.max(...norms);
  return Math.abs(kernel.of(sets[0]!.dimension)(most, most, most));
}

function subsetsError({ real, generated }: Sets, stored: Declared): number {
  const drawn = stored.drawn_indices_features_1_then_2 as
    | readonly (readonly [number[], number[]])[]
    | undefined;
  if (!drawn) unsupported("subsets without their indices");
  const indices = drawn.map(([first, second]): SubsetIndices => [second, first]);
  const { mean, deviation } = kidSubsets(real, generated, { indices });
  const abs = 1e-12 * largest(polynomialKernel(), [real, generated]);
  return errorOf([mean, deviation], [stored.mean as number, stored.std as number], { abs });
}

/** Ratios of counts, kept in single precision by the reference. */
const single: Allowed = { rel: 2e-7 };

function precisionRecallError({ real, generated }: Sets, name: string, stored: Declared): number {
  const k = Number(/^k=(\d+)$/.exec(name)?.[1] ?? unsupported(`no neighbour is declared by ${name}`));
  const result = precisionRecall(real, generated, { k, kDensity: k });
  const [precision, recall] = [result.precision.value, result.recall.value];
  const ours: Readonly<Record<string, number>> = {
    precision,
    recall,
    f_score: (2 * precision * recall) / Math.max(1e-5, precision + recall),
  };
  return compared(ours, stored, single);
}

function inceptionScoreError({ generated }: Sets, name: string, stored: Declared): number {
  const splits = Number(/^splits=(\d+)$/.exec(name)?.[1] ?? unsupported(`no splits are declared by ${name}`));
  const { value, deviation } = inceptionScore(generated, { splits });
  return compared({ isc_mean: value, isc_std: deviation }, stored, { abs: 1e-12, rel: 1e-11 });
}

/** Every stored number with ours of the same name. */
function compared(ours: Readonly<Record<string, number>>, stored: Declared, allowed: Allowed): number {
  const names = Object.keys(stored);
  const unknown = names.find((name) => !(name in ours));
  if (unknown) unsupported(`nothing compares ${unknown}`);
  return errorOf(
    names.map((name) => ours[name]!),
    names.map((name) => stored[name] as number),
    allowed,
  );
}
