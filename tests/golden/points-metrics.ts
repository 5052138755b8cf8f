import {
  type CloudDistances,
  chamferDistances,
  cloudMatching,
  nearestSquares,
  neighbourAccuracy,
  occupancyDivergence,
  type PointClouds,
  type TwoSetDistances,
} from "../../packages/metrics/src/authoring.ts";
import { chainOf, schedules } from "../../packages/schedules/src/index.ts";
import { type Case, errorOf, type GoldenResult, membersBut, slowCaseOf } from "./result.ts";
import { runParts } from "./run-parts.ts";

/** A table of variances, at some of its steps. */
interface Table {
  readonly options: Readonly<Record<string, unknown>>;
  readonly index: readonly number[];
  readonly [column: string]: unknown;
}

/** Two sets of clouds and what was measured on them. */
interface Measured {
  readonly samples: PointClouds;
  readonly references: PointClouds;
  readonly [name: string]: unknown;
}

const RELATIVE = { abs: 1e-12, rel: 1e-9 };
/** What the reference adds to its denominators. */
const TINY = 1e-10;

/** Runs tables of variances, and metrics of point clouds. */
export function runFile(json: unknown): Promise<GoldenResult> {
  return runParts(withoutTexts(json), { schedules: tableCases, metrics: metricCases });
}

function withoutTexts(json: unknown): unknown {
  const { references: _, reference: __, name: ___, ...parts } = json as Record<string, unknown>;
  return parts;
}

const OPTIONS = ["num_steps", "beta_1", "beta_T", "mode"];

async function tableCases(table: Table, i: number): Promise<Case[]> {
  const id = `schedules/${i}`;
  const strange = membersBut(table.options, OPTIONS);
  if (strange.length > 0) return [{ id, reason: `nothing takes the options ${strange.join(", ")}` }];
  const columns = columnsOf(table);
  const cases = Object.entries(columns).flatMap(([name, ours]) => {
    const golden = table[name] as number[] | undefined;
    if (golden === undefined) return [];
    const dev = (table[`${name}_dev`] as number | undefined) ?? 1e-6;
    const picked = table.index.map((step) => ours[step]!);
    return [
      slowCaseOf(`${id} ${name}`, async () => errorOf(picked, golden, { abs: 4 * dev + 1e-7, rel: 1e-6 })),
    ];
  });
  const named = Object.keys(columns).flatMap((name) => [name, `${name}_dev`]);
  return [...(await Promise.all(cases)), ...left(id, table, [...named, "options", "index"])];
}

/** By step; index 0 is clean data. */
function columnsOf({ options }: Table): Record<string, number[]> {
  const { num_steps: steps, beta_1: betaStart, beta_T: betaEnd } = options;
  const schedule = schedules.create({ name: "linear", steps, betaStart, betaEnd } as never);
  const { betas, abar, posteriorVariance } = chainOf(schedule);
  const beta = [0, ...betas];
  const flexible = beta.map(Math.sqrt);
  const small = [0, ...posteriorVariance].map(Math.sqrt);
  return {
    betas: beta,
    alphas: beta.map((own) => 1 - own),
    alpha_bars: [1, ...abar],
    sigmas_flex: flexible,
    sigmas_inflex: small,
    sigmas_half_flexible: flexible.map((own, i) => (own + small[i]!) / 2),
  };
}

async function metricCases(golden: Measured, i: number): Promise<Case[]> {
  const id = `metrics/${i}`;
  const { samples, references } = golden;
  const distances = {
    real: chamferDistances(references, references),
    between: chamferDistances(references, samples),
    generated: chamferDistances(samples, samples),
  };
  const columns = distances.between.columns;
  const paired = Array.from(
    { length: Math.min(samples.shape[0], references.shape[0]) },
    (_, k) => distances.between.data[k * columns + k]!,
  );
  const found: Readonly<Record<string, () => ArrayLike<number>>> = {
    nearest_of_sample_point_0: () => nearestSquares(samples, 0, references, 0),
    nearest_of_reference_point_0: () => nearestSquares(references, 0, samples, 0),
    chamfer_paired: () => paired,
    chamfer_reference_by_sample: () => distances.between.data,
    chamfer_references: () => distances.real.data,
    chamfer_samples: () => distances.generated.data,
  };
  const cases: Promise<Case>[] = Object.entries(found).flatMap(([name, ours]) => {
    const wanted = golden[name] as number[] | number[][] | undefined;
    if (wanted === undefined) return [];
    return [slowCaseOf(`${id} ${name}`, async () => errorOf(ours(), wanted.flat(), RELATIVE))];
  });
  const divergences = Object.keys(golden).filter((name) => /^jsd_resolution_\d+$/.test(name));
  for (const name of divergences) {
    const resolution = Number(name.split("_").at(-1));
    const ours = async (): Promise<number> =>
      errorOf([occupancyDivergence(samples, references, resolution)], [golden[name] as number], RELATIVE);
    cases.push(slowCaseOf(`${id} ${name}`, ours));
  }
  const { minimumMatchingDistance, distanceOfGenerated, coverage } = cloudMatching(distances.between);
  const results = votes(distances, 1).map(({ acc_t, acc_f, acc }) => ({
    ...{ "lgan_mmd-CD": minimumMatchingDistance, "lgan_mmd_smp-CD": distanceOfGenerated },
    "lgan_cov-CD": coverage,
    ...{ "1-NN-CD-acc_t": acc_t, "1-NN-CD-acc_f": acc_f, "1-NN-CD-acc": acc },
  }));
  const neighbours = Object.keys(golden).filter((name) => /^knn\d+$/.test(name));
  const records = [
    ["results", results] as const,
    ...neighbours.map((name) => [name, votes(distances, Number(name.slice(3)))] as const),
  ];
  for (const [name, ours] of records) {
    const wanted = golden[name] as Readonly<Record<string, number>> | undefined;
    for (const [key, value] of Object.entries(wanted ?? {})) {
      cases.push(slowCaseOf(`${id} ${name} ${key}`, async () => errorAmong(ours, key, value)));
    }
  }
  const known = [...Object.keys(found), ...divergences, ...neighbours, "results", "samples", "references"];
  return [...(await Promise.all(cases)), ...left(id, golden, known)];
}

type Values = Readonly<Record<string, number | undefined>>;

/**
 * What the reference makes of the votes of k neighbours; its positives are the real clouds. Of several clouds at one distance
 * it takes any: all values that this can lead to, one where nothing is tied.
 */
function votes({ real, between, generated }: TwoSetDistances, k: number): Values[] {
  const scaled = (distances: CloudDistances, share: number): CloudDistances => ({
    ...distances,
    data: distances.data.map((value) => value * share),
  });
  const [nearer, near] = [1 - 2e-12, 1 - 1e-12];
  const middle = scaled(between, near);
  const ends = [
    neighbourAccuracy({ real: scaled(real, nearer), between: middle, generated }, k),
    neighbourAccuracy({ real, between: middle, generated: scaled(generated, nearer) }, k),
  ];
  return ends.flatMap(({ realAsReal: tp, realAsGenerated: fn }) =>
    ends.map(({ generatedAsReal: fp, generatedAsGenerated: tn }) => {
      const recall = tp / (tp + fn + TINY);
      return {
        ...{ tp, fp, fn, tn, recall, precision: tp / (tp + fp + TINY) },
        ...{ acc_t: recall, acc_f: tn / (tn + fp + TINY), acc: (tp + tn) / (tp + fp + fn + tn) },
      };
    }),
  );
}

/** The error of the nearest of the values, or 0 between the smallest and the largest. */
function errorAmong(all: readonly Values[], key: string, golden: number): number {
  const values = all.map((ours) => ours[key] ?? Number.NaN);
  const nearest = Math.min(Math.max(golden, Math.min(...values)), Math.max(...values));
  return errorOf([nearest], [golden], RELATIVE);
}

function left(id: string, golden: object, known: readonly string[]): Case[] {
  const uncompared = membersBut(golden, known);
  if (uncompared.length === 0) return [];
  return [{ id, reason: `nothing compares ${uncompared.join(", ")}`, uncompared }];
}
