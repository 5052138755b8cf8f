import { random } from "@ddpm/core";
import { describe, expect, test } from "vitest";
import {
  chamferDistances,
  cloudMatching,
  neighbourAccuracy,
  occupancyDivergence,
  type PointClouds,
} from "../src/authoring.ts";

/** Clouds of normal points around a centre. */
function cloudsOf(count: number, seed: number, centre = 0, spread = 0.1): PointClouds {
  const data = random(seed)
    .normals(count * 24)
    .map((value) => centre + spread * value);
  return { data, shape: [count, 8, 3] };
}

const between = (real: PointClouds, generated: PointClouds) => ({
  real: chamferDistances(real, real),
  between: chamferDistances(real, generated),
  generated: chamferDistances(generated, generated),
});

test("the Chamfer distance adds the mean squared distances of both ways", () => {
  const a: PointClouds = { data: [0, 0, 1, 0], shape: [1, 2, 2] };
  const b: PointClouds = { data: [0, 2, 0, 1, 3, 0], shape: [1, 3, 2] };
  expect(Array.from(chamferDistances(a, b).data)).toEqual([(1 + 2) / 2 + (4 + 1 + 4) / 3]);
  expect(chamferDistances(b, a).data[0]).toBeCloseTo(4.5, 12);
});

test("a set matches itself with distance 0 and covers itself; one cloud repeated covers one", () => {
  const real = cloudsOf(6, 1);
  const same = chamferDistances(real, real);
  expect(cloudMatching(same)).toEqual({ minimumMatchingDistance: 0, distanceOfGenerated: 0, coverage: 1 });
  const one = {
    data: Array.from({ length: 6 }, () => Array.from(real.data).slice(0, 24)).flat(),
    shape: real.shape,
  };
  expect(cloudMatching(chamferDistances(real, one)).coverage).toBeCloseTo(1 / 6, 12);
});

test("neighbours separate two distributions, and hardly one", () => {
  const separate = neighbourAccuracy(between(cloudsOf(20, 1), cloudsOf(20, 2, 0.5)));
  expect(separate).toMatchObject({ accuracy: 1, realAsGenerated: 0, generatedAsReal: 0 });
  const alike = neighbourAccuracy(between(cloudsOf(60, 1), cloudsOf(60, 2)));
  expect(Math.abs(alike.accuracy - 0.5)).toBeLessThan(0.2);
  expect(() => neighbourAccuracy(between(cloudsOf(2, 1), cloudsOf(2, 2)), 4)).toThrow(
    "4 neighbours among 2 real and 2 generated clouds",
  );
});

describe("the divergence of occupancy", () => {
  test("is 0 of a set to itself, 1 of sets in different cells, and counts points beyond the sphere", () => {
    const real = cloudsOf(5, 3);
    expect(occupancyDivergence(real, real)).toBeCloseTo(0, 12);
    const far = (x: number): PointClouds => ({ data: [x, 0, 0], shape: [1, 1, 3] });
    expect(occupancyDivergence(far(-3), far(3), 9)).toBeCloseTo(1, 12);
    expect(occupancyDivergence(far(0.45), far(3), 9)).toBeCloseTo(0, 12);
  });

  test("refuses points of the plane", () => {
    const plane: PointClouds = { data: [0, 0], shape: [1, 1, 2] };
    expect(() => occupancyDivergence(plane, plane)).toThrow("points of 2 coordinates");
  });
});

test("clouds that do not fit are refused", () => {
  const plane: PointClouds = { data: [0, 0], shape: [1, 1, 2] };
  expect(() => chamferDistances(cloudsOf(1, 1), plane)).toThrow("points of 2 coordinates, expected 3");
  expect(() => chamferDistances({ data: [0], shape: [1, 1, 2] }, plane)).toThrow(
    "1 numbers in clouds of shape [1, 1, 2]",
  );
});
