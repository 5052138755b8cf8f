import { random } from "@ddpm/core";
import { expect, test } from "vitest";
import { maskNumbers } from "../src/batch/dropout-masks.ts";

const numbers = (seed: number, count: number): Float32Array => {
  const out = new Float32Array(count);
  maskNumbers(random(seed), out);
  return out;
};

test("numbers are in [0, 1), even where all bits are set", () => {
  const ones = { ...random(0), uniforms: (count: number) => new Float32Array(count).fill(1 - 2 ** -24) };
  const out = new Float32Array(5);
  maskNumbers(ones, out);
  expect(Math.max(...out)).toBeLessThan(1);
  expect(Math.min(...out)).toBeGreaterThan(0.9997);
  expect(numbers(1, 10_001).every((value) => value >= 0 && value < 1)).toBe(true);
});

test("as many fall below a rate as should, also for rates finer than their steps", () => {
  for (const rate of [0.1, 0.5, 1 / 3, 2 ** -13]) {
    const [streams, count] = [400, 1000];
    let below = 0;
    for (let seed = 0; seed < streams; seed++) {
      for (const value of numbers(seed, count)) if (value < rate) below++;
    }
    const error = Math.abs(below / (streams * count) - rate);
    expect(error).toBeLessThan(5 * Math.sqrt((rate * (1 - rate)) / (streams * count)) + 2 ** -24);
  }
});

test("neighbours, and the two halves of a drawn number, are uncorrelated", () => {
  const values = numbers(3, 200_000);
  for (const distance of [1, 2, 3]) {
    let sum = 0;
    for (let i = distance; i < values.length; i++) sum += (values[i]! - 0.5) * (values[i - distance]! - 0.5);
    expect(Math.abs((12 * sum) / values.length)).toBeLessThan(5 / Math.sqrt(values.length));
  }
});

test("a longer list begins with the shorter one", () => {
  expect(numbers(4, 101).slice(0, 50)).toEqual(numbers(4, 50));
});
