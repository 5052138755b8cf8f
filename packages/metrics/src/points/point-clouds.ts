import { fail } from "@ddpm/core";
import type { ErrorPlace } from "@ddpm/core/authoring";

/** Clouds of the same number of points. */
export interface PointClouds {
  /** Coordinates, cloud by cloud, point by point. */
  readonly data: ArrayLike<number>;
  readonly shape: readonly [clouds: number, points: number, coordinates: number];
}

/** Checks that sets of clouds hold the numbers of their shapes, and points of one number of coordinates. @throws DdpmError */
export function checkClouds(where: ErrorPlace, ...sets: readonly PointClouds[]): void {
  const [, , coordinates] = sets[0]!.shape;
  for (const { data, shape } of sets) {
    const numbers = shape[0] * shape[1] * shape[2];
    if (data.length !== numbers || numbers === 0) {
      fail(
        where,
        `${data.length} numbers in clouds of shape [${shape.join(", ")}].`,
        "Give at least one cloud.",
      );
    }
    if (shape[2] !== coordinates) {
      fail(where, `points of ${shape[2]} coordinates, expected ${coordinates} as in the other set.`);
    }
  }
}
