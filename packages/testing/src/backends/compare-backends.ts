import { fail } from "@ddpm/core";
import {
  add,
  dispose,
  grads,
  keep,
  mul,
  setBackend,
  sum,
  type Tensor,
  tensor,
  tidy,
} from "@tensorflow/tfjs-core";
import type { BackendCase, CaseInput, CaseMaker } from "./case.ts";
import { drawOf } from "./draw.ts";

/** What to compare, and how much of it. */
export interface BackendComparison {
  /** Name of the backend, which has to be registered. */
  readonly backend: string;
  /** Name of the backend that is right; default: "cpu". */
  readonly reference?: string;
  readonly cases: CaseMaker;
  /** A whole number; the same seed gives the same cases. */
  readonly seed: number;
  /** Number of cases. */
  readonly draws: number;
  /** The first of them, to repeat one that differs; default: 0. */
  readonly first?: number;
  /** Difference that is tolerated, relative to the largest number of a result (at least 1); default: 1e-4. */
  readonly tolerance?: number;
}

/** A case on which two backends differ. */
export interface BackendDifference {
  /** Seed and index: the case is drawn again with `first` set to the index and `draws` to 1. */
  readonly seed: number;
  readonly draw: number;
  /** Operation, shapes and attributes. */
  readonly name: string;
  /** Which result differs, by how much, and in which of two runs; or what was thrown. */
  readonly what: string;
}

interface Result {
  readonly label: string;
  readonly shape: readonly number[];
  readonly values: ArrayLike<number>;
}

/** Cases that one backend computes before the other does. */
const CHUNK = 32;

/**
 * Computes random cases on two backends, values and gradients, on the compared one twice in a row, and returns those that
 * differ.
 */
export async function compareBackends(options: BackendComparison): Promise<readonly BackendDifference[]> {
  const { backend, reference = "cpu", cases, seed, draws, first = 0, tolerance = 1e-4 } = options;
  const found: BackendDifference[] = [];
  for (let begin = first; begin < first + draws; begin += CHUNK) {
    const count = Math.min(CHUNK, first + draws - begin);
    const chunk = Array.from({ length: count }, (_, i) => cases(drawOf(seed, begin + i)));
    await setBackend(reference);
    const expected: Result[][] = [];
    for (const drawn of chunk) expected.push(await expectedOf(drawn));
    await setBackend(backend);
    for (const [i, drawn] of chunk.entries()) {
      const what = await firstDifference(drawn, expected[i]!, tolerance);
      if (what !== undefined) found.push({ seed, draw: begin + i, name: drawn.name, what });
    }
  }
  return found;
}

async function expectedOf(drawn: BackendCase): Promise<Result[]> {
  try {
    return await resultsOf({ ...drawn, apply: drawn.definition ?? drawn.apply });
  } catch (cause) {
    return fail(
      "testing/backends",
      `the reference cannot compute ${drawn.name}.`,
      "Give the case a definition.",
      {
        cause,
      },
    );
  }
}

async function firstDifference(
  drawn: BackendCase,
  expected: readonly Result[],
  tolerance: number,
): Promise<string | undefined> {
  for (const run of ["first", "second"]) {
    let actual: readonly Result[];
    try {
      actual = await resultsOf(drawn);
    } catch (error) {
      return `${run} run: ${error instanceof Error ? error.message : String(error)}`;
    }
    for (const [i, right] of expected.entries()) {
      const { shape, values } = actual[i]!;
      if (`${shape}` !== `${right.shape}`)
        return `${right.label}: shape [${shape}], expected [${right.shape}]`;
      const difference = distance(values, right.values);
      if (!(difference <= tolerance)) return `${right.label}, ${run} run: ${difference.toExponential(1)}`;
    }
  }
  return undefined;
}

/** Largest difference relative to the largest expected number, at least 1; infinite where only one is not finite. */
function distance(actual: ArrayLike<number>, expected: ArrayLike<number>): number {
  let size = 1;
  let worst = 0;
  for (let i = 0; i < expected.length; i++) {
    const right = expected[i]!;
    if (Number.isFinite(right)) size = Math.max(size, Math.abs(right));
    if (Object.is(actual[i], right) || actual[i] === right) continue;
    const error = Math.abs(actual[i]! - right);
    worst = Number.isFinite(error) ? Math.max(worst, error) : Number.POSITIVE_INFINITY;
  }
  return worst / size;
}

const tensorOf = ({ values, shape, dtype }: CaseInput): Tensor =>
  tensor(values, shape as [number], dtype) as Tensor;

/** Values of all outputs, then gradients of all inputs of their weighted sum. */
async function resultsOf(drawn: BackendCase): Promise<Result[]> {
  const inputs = drawn.inputs.map(tensorOf);
  const computed = tidy(() => {
    if (!drawn.gradients) return { outputs: [drawn.apply(...inputs)].flat(), gradients: [] as Tensor[] };
    let outputs: Tensor[] = [];
    const gradients = grads((...x: Tensor[]) => {
      outputs = [drawn.apply(...x)].flat().map((y) => keep(y));
      return outputs.map((y, i) => sum(mul(y, weightsLike(y, i)))).reduce((a, b) => add(a, b));
    })(inputs);
    return { outputs, gradients };
  });
  const results: Result[] = [];
  for (const [kind, tensors] of Object.entries(computed)) {
    for (const [i, x] of tensors.entries())
      results.push({
        label: `${kind === "outputs" ? "value" : "gradient"} ${i}`,
        shape: x.shape,
        values: (await x.data()).slice(),
      });
  }
  dispose([...inputs, ...computed.outputs, ...computed.gradients]);
  return results;
}

/** Weights that differ from number to number, so that no gradient is the same everywhere. */
function weightsLike(y: Tensor, seed: number): Tensor {
  const values = Float32Array.from({ length: y.size }, (_, i) => Math.sin(1.7 * i + seed) + 0.3);
  return tensor(values, y.shape as [number]);
}
