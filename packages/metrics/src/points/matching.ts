import type { CloudDistances } from "./chamfer.ts";

/** How generated clouds match real ones. */
export interface CloudMatching {
  /** Mean distance of each real cloud to the nearest generated one: fidelity, lower is better. */
  readonly minimumMatchingDistance: number;
  /** Mean distance of each generated cloud to the nearest real one. */
  readonly distanceOfGenerated: number;
  /** Share of the real clouds that are nearest to some generated one: diversity, higher is better. */
  readonly coverage: number;
}

/**
 * Minimum matching distance and coverage.
 *
 * Source: Achlioptas et al. 2018, "Learning Representations and Generative Models for 3D Point Clouds", section 3.
 *
 * @param distances of the real clouds (rows) to the generated ones (columns)
 */
export function cloudMatching({ data, rows, columns }: CloudDistances): CloudMatching {
  const ofReal = new Float64Array(rows).fill(Number.POSITIVE_INFINITY);
  const ofGenerated = new Float64Array(columns).fill(Number.POSITIVE_INFINITY);
  const nearest = new Int32Array(columns);
  for (let i = 0; i < rows; i++) {
    for (let j = 0; j < columns; j++) {
      const distance = data[i * columns + j]!;
      ofReal[i] = Math.min(ofReal[i]!, distance);
      if (distance >= ofGenerated[j]!) continue;
      ofGenerated[j] = distance;
      nearest[j] = i;
    }
  }
  const mean = (values: Float64Array): number =>
    values.reduce((sum, value) => sum + value, 0) / values.length;
  return {
    minimumMatchingDistance: mean(ofReal),
    distanceOfGenerated: mean(ofGenerated),
    coverage: new Set(nearest).size / rows,
  };
}
