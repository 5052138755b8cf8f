import * as tf from "@tensorflow/tfjs";
import { rowSineTable, type SinusoidalOptions, sinusoidal } from "../../packages/unet/src/authoring.ts";
import { type Case, caseOf, unsupported } from "./result.ts";

/** One embedding as a reference computed it: rows of times, or of a whole table. */
export interface TimeEmbeddingCase {
  readonly reference: string;
  readonly name: string;
  readonly t?: readonly number[];
  readonly dim?: number;
  readonly theta?: number;
  readonly flip_sin_to_cos?: boolean;
  readonly downscale_freq_shift?: number;
  readonly n?: number;
  readonly d?: number;
  readonly rows?: readonly number[];
  readonly values: { readonly shape: readonly [number, number]; readonly data: readonly number[] };
}

/** Which options of ours make a reference's function. */
const forms: Readonly<Record<string, (given: TimeEmbeddingCase) => Omit<SinusoidalOptions, "width">>> = {
  timestep_embedding: () => ({ form: "openai" }),
  get_timestep_embedding: ({ flip_sin_to_cos, downscale_freq_shift }) => ({
    cosFirst: flip_sin_to_cos === true,
    shift: downscale_freq_shift ?? 0,
  }),
  SinusoidalPosEmb: ({ theta }) => (theta === undefined ? {} : { theta }),
  SinusoidalPositionEmbeddings: () => ({}),
};

/** Compares sinusoidal embeddings, on the active backend. */
export function timeEmbeddingCase(given: TimeEmbeddingCase, i: number): Case {
  return caseOf(`time_embeddings/${i} ${given.name}`, () => errorOf(given));
}

function errorOf(given: TimeEmbeddingCase): number {
  const { name, t, dim, n, d, values } = given;
  if (name === "sinusoidal_embedding" && n !== undefined && d !== undefined) {
    const table = rowSineTable(n, d);
    const rows = given.rows ?? Array.from({ length: n }, (_, row) => row);
    return worst(values, rows, (row, column) => table[row * d + column]!);
  }
  const form = forms[name];
  if (!form || !t || dim === undefined) unsupported(`the embedding ${name} has no counterpart`);
  const ours = tf.tidy(() => sinusoidal({ width: dim!, ...form!(given) })(tf.tensor1d([...t!])).dataSync());
  return worst(values, t!, (_time, column, row) => ours[row * dim! + column]!);
}

/**
 * Largest error in units of what is allowed: 1e-6, and for large times the rounding of a float32 angle of up to t,
 * 1e-7 · t.
 */
function worst(
  { shape, data }: TimeEmbeddingCase["values"],
  times: readonly number[],
  ours: (time: number, column: number, row: number) => number,
): number {
  const [rows, columns] = shape;
  if (rows !== times.length) return Number.POSITIVE_INFINITY;
  let error = 0;
  for (let row = 0; row < rows; row++) {
    const allowed = 1e-6 + 1e-7 * times[row]!;
    for (let column = 0; column < columns; column++) {
      const off = Math.abs(ours(times[row]!, column, row) - data[row * columns + column]!);
      error = Math.max(error, Number.isNaN(off) ? Number.POSITIVE_INFINITY : off / allowed);
    }
  }
  return error;
}
