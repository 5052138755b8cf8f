/** Sixteen 4-byte words: one cache line of the target is filled at a time. */
const BLOCK = 16;

/** Where the source rows are and where the target columns go, in elements. */
export interface MatrixPlaces {
  readonly rows: number;
  readonly columns: number;
  readonly source: number;
  /** Distance between source rows; `columns` when they are dense. */
  readonly sourcePitch: number;
  readonly target: number;
  /** Distance between target rows; `rows` when they are dense. */
  readonly targetPitch: number;
}

/** to[target + j · targetPitch + i] = from[source + i · sourcePitch + j] for i < rows, j < columns. */
export function transposeMatrix(
  to: Float32Array | Int32Array,
  from: Float32Array | Int32Array,
  places: MatrixPlaces,
): void {
  const { rows, columns, source, sourcePitch, target, targetPitch } = places;
  for (let start = 0; start < rows; start += BLOCK) {
    const end = Math.min(rows, start + BLOCK);
    for (let j = 0; j < columns; j++) {
      let p = source + start * sourcePitch + j;
      let q = target + j * targetPitch + start;
      for (let i = start; i < end; i++, p += sourcePitch) to[q++] = from[p]!;
    }
  }
}
