import { describe, expect, test } from "vitest";
import { normalTail } from "../src/statistics/normal-tail.ts";
import { studentQuantile, studentTails } from "../src/statistics/student.ts";

test("normal tails agree with tables, also far out and on both sides of the crossing", () => {
  const table = [
    [0, 0.5],
    [1, 0.15865525393145707],
    [1.959963984540054, 0.025],
    [2.4999999, 0.00620966707],
    [2.5, 0.006209665325776132],
    [5, 2.866515718791939e-7],
    [10, 7.619853024160527e-24],
    [-1, 0.8413447460685429],
  ] as const;
  for (const [z, p] of table) expect(normalTail(z) / p).toBeCloseTo(1, 7);
  expect(normalTail(10) / 7.619853024160527e-24).toBeCloseTo(1, 12);
});

describe("Student quantiles", () => {
  test("agree with tables for even and odd degrees of freedom", () => {
    const table = [
      [1, 12.706204736],
      [2, 4.3026527297],
      [3, 3.1824463053],
      [9, 2.2621571628],
      [10, 2.228138852],
      [30, 2.0422724563],
      [1000, 1.9623390808],
    ] as const;
    for (const [freedom, quantile] of table) expect(studentQuantile(freedom)).toBeCloseTo(quantile, 8);
    expect(studentQuantile(5, 0.99)).toBeCloseTo(4.0321429836, 8);
  });

  test("and tails undo each other", () => {
    for (const freedom of [1, 2, 7, 40])
      for (const confidence of [0.5, 0.95, 0.999])
        expect(studentTails(studentQuantile(freedom, confidence), freedom)).toBeCloseTo(1 - confidence, 10);
  });

  test("end in the normal one", () => {
    expect(studentQuantile(1e6)).toBeCloseTo(1.959963984540054, 9);
    expect(studentQuantile(19_999)).toBeCloseTo(1.96, 3);
  });
});
