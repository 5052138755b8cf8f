import fc from "fast-check";
import { expect, test } from "vitest";
import { randomFrom } from "../src/authoring.ts";
import { type Random, random } from "../src/index.ts";

const COUNT = 200_000;
const draws = (draw: () => number, count = COUNT) => Float64Array.from({ length: count }, draw);
const mean = (values: Float64Array) => values.reduce((sum, value) => sum + value, 0) / values.length;
const moment = (values: Float64Array, k: number) => mean(values.map((value) => value ** k));
const correlation = (a: Float64Array, b: Float64Array) => {
  const [ma, mb] = [mean(a), mean(b)];
  const covariance = mean(a.map((value, i) => (value - ma) * (b[i]! - mb)));
  return covariance / Math.sqrt(mean(a.map((v) => (v - ma) ** 2)) * mean(b.map((v) => (v - mb) ** 2)));
};
/** Five standard errors of a mean of `count` numbers of that variance. */
const within = (variance: number, count = COUNT) => 5 * Math.sqrt(variance / count);

test("uniform numbers have the moments of [0, 1)", () => {
  const stream = random(1);
  const values = draws(stream.uniform);
  expect(values.every((value) => value >= 0 && value < 1)).toBe(true);
  for (const k of [1, 2, 3, 4]) {
    const variance = 1 / (2 * k + 1) - 1 / (k + 1) ** 2;
    expect(Math.abs(moment(values, k) - 1 / (k + 1))).toBeLessThan(within(variance));
  }
});

test("uniform numbers fill every one of 256 cells as often (chi-squared)", () => {
  const counts = new Float64Array(256);
  const stream = random(2);
  for (let i = 0; i < COUNT; i++) counts[Math.floor(stream.uniform() * 256)]!++;
  const expected = COUNT / 256;
  const chi = counts.reduce((sum, count) => sum + (count - expected) ** 2 / expected, 0);
  expect(Math.abs(chi - 255)).toBeLessThan(5 * Math.sqrt(2 * 255));
});

test("normal numbers have mean 0, variance 1, skewness 0, kurtosis 3", () => {
  const values = draws(random(3).normal);
  expect(Math.abs(moment(values, 1))).toBeLessThan(within(1));
  expect(Math.abs(moment(values, 2) - 1)).toBeLessThan(within(2));
  expect(Math.abs(moment(values, 3))).toBeLessThan(within(15));
  expect(Math.abs(moment(values, 4) - 3)).toBeLessThan(within(96));
});

test("the two normals of a pair, and neighbours, are uncorrelated, in square as well", () => {
  const values = draws(random(4).normal);
  const even = values.filter((_, i) => i % 2 === 0);
  const odd = values.filter((_, i) => i % 2 === 1);
  const limit = within(1, COUNT / 2);
  expect(Math.abs(correlation(even, odd))).toBeLessThan(limit);
  expect(Math.abs(correlation(even.map(Math.abs), odd.map(Math.abs)))).toBeLessThan(limit);
  expect(Math.abs(correlation(odd.slice(0, -1), even.slice(1)))).toBeLessThan(limit);
});

test("float32 batches stay below 1, and normals agree with single draws", () => {
  const values = random(5).uniforms(COUNT);
  expect(values.every((value) => value >= 0 && value < 1)).toBe(true);
  expect(Math.abs(mean(Float64Array.from(values)) - 0.5)).toBeLessThan(within(1 / 12));
  const single = random(6);
  expect(random(6).normals(101)).toEqual(Float32Array.from({ length: 101 }, single.normal));
});

test("batches cut anywhere, from any position, are the same numbers as single draws", () => {
  const sizes = fc.array(fc.integer({ min: 0, max: 9 }), { maxLength: 8 });
  const positions = fc.constantFrom(0, 1, 2, 3, 4 * 2 ** 32 - 5, 4 * 2 ** 32 + 2, 2 ** 50 + 1);
  fc.assert(
    fc.property(sizes, positions, fc.boolean(), (counts, position, half) => {
      const state = { key: [0xdeadbeef, 17] as const, position, ...(half ? { spare: 0.25 } : {}) };
      for (const kind of ["uniforms", "normals"] as const) {
        const [batches, singles] = [randomFrom(state), randomFrom(state)];
        const joined = counts.flatMap((count) => [...batches[kind](count)]);
        const one = (): number =>
          kind === "normals" ? Math.fround(singles.normal()) : singles.uniforms(1)[0]!;
        expect(joined).toEqual(Array.from(joined, one));
        expect(batches.state()).toEqual(singles.state());
      }
    }),
  );
});

test("seeds 0, 1 and 2^53 are streams of their own, and the same seed is the same stream", () => {
  const first = [0, 1, 2 ** 32, 2 ** 53].map((seed) => random(seed).uniform());
  expect(new Set(first).size).toBe(4);
  expect(draws(random(7).uniform, 50)).toEqual(draws(random(7).uniform, 50));
});

test("a fork depends on parent and label only, not on what was drawn", () => {
  const used = random(8);
  used.normals(33);
  expect(draws(used.fork("noise").uniform, 20)).toEqual(draws(random(8).fork("noise").uniform, 20));
  expect(random(9).fork("noise").uniform()).not.toBe(random(8).fork("noise").uniform());
});

test("forks are independent of the parent, of each other, and of forks of the next number", () => {
  const count = 20_000;
  const parent = () => random(10);
  const streams = ["a", "b", 0, 1, 2 ** 32].map((label) => draws(parent().fork(label).uniform, count));
  streams.push(draws(parent().uniform, count), draws(parent().fork("a").fork("a").uniform, count));
  streams.forEach((a, i) => {
    for (const b of streams.slice(i + 1)) {
      expect(Math.abs(correlation(a, b))).toBeLessThan(within(1, count));
    }
  });
});

test("the first numbers of forks 0, 1, 2 … are themselves uniform and uncorrelated", () => {
  const root = random(11);
  const values = Float64Array.from({ length: 20_000 }, (_, i) => root.fork(i).uniform());
  expect(Math.abs(mean(values) - 0.5)).toBeLessThan(within(1 / 12, 20_000));
  expect(Math.abs(correlation(values.slice(1), values.slice(0, -1)))).toBeLessThan(within(1, 20_000));
});

test("labels 1 and '1' are different forks", () => {
  expect(random(12).fork(1).uniform()).not.toBe(random(12).fork("1").uniform());
});

test("text labels do not collide", () => {
  const root = random(13);
  fc.assert(
    fc.property(fc.string(), fc.string(), (a, b) => {
      fc.pre(a !== b);
      expect(root.fork(a).uniform()).not.toBe(root.fork(b).uniform());
    }),
    { numRuns: 2000 },
  );
});

test("a stream continues from its saved state, through JSON, mid-pair as well", () => {
  const steps: readonly ((stream: Random) => unknown)[] = [
    (stream) => stream.uniform(),
    (stream) => stream.normal(),
    (stream) => stream.normals(3),
    (stream) => stream.integer(10),
    (stream) => stream.permutation(5),
    (stream) => stream.uniforms(5),
  ];
  fc.assert(
    fc.property(fc.array(fc.constantFrom(...steps), { maxLength: 12 }), (before) => {
      const stream = random(14);
      for (const step of before) step(stream);
      const restored = randomFrom(JSON.parse(JSON.stringify(stream.state())));
      for (const step of steps) expect(step(restored)).toEqual(step(stream));
      expect(restored.state()).toEqual(stream.state());
    }),
  );
});

test("positions beyond 2^32 blocks still move on", () => {
  const position = 4 * 2 ** 32;
  const far = randomFrom({ key: [1, 0], position });
  expect(far.uniform()).not.toBe(randomFrom({ key: [1, 0], position: 0 }).uniform());
});

test("whole numbers below a bound are unbiased (chi-squared)", () => {
  const stream = random(15);
  for (const bound of [2, 3, 7, 10]) {
    const counts = new Float64Array(bound);
    for (let i = 0; i < COUNT; i++) counts[stream.integer(bound)]!++;
    const expected = COUNT / bound;
    const chi = counts.reduce((sum, count) => sum + (count - expected) ** 2 / expected, 0);
    expect(chi - (bound - 1)).toBeLessThan(5 * Math.sqrt(2 * (bound - 1)));
  }
});

test("a bound of 3·2^30, where a plain remainder would favour small numbers by 2 to 1, is unbiased", () => {
  const bound = 3 * 2 ** 30;
  const stream = random(16);
  let low = 0;
  for (let i = 0; i < COUNT; i++) if (stream.integer(bound) < 2 ** 30) low++;
  expect(Math.abs(low / COUNT - 1 / 3)).toBeLessThan(within(2 / 9));
});

test("a permutation holds every number once, and every order is as likely", () => {
  const stream = random(17);
  fc.assert(
    fc.property(fc.integer({ min: 0, max: 300 }), (count) => {
      expect([...stream.permutation(count)].sort((a, b) => a - b)).toEqual(
        Array.from({ length: count }, (_, i) => i),
      );
    }),
  );
  const counts = new Map<string, number>();
  for (let i = 0; i < 24_000; i++) {
    const order = stream.permutation(4).join("");
    counts.set(order, (counts.get(order) ?? 0) + 1);
  }
  expect(counts.size).toBe(24);
  const chi = [...counts.values()].reduce((sum, count) => sum + (count - 1000) ** 2 / 1000, 0);
  expect(chi - 23).toBeLessThan(5 * Math.sqrt(46));
});

test("seeds and bounds that make no sense are refused", () => {
  for (const seed of [Number.NaN, -1, 0.5, 2 ** 54])
    expect(() => random(seed)).toThrow("expected a whole number");
  for (const bound of [0, -3, 1.5, Number.NaN, 2 ** 33]) {
    expect(() => random(1).integer(bound)).toThrow("expected a whole number from 1 to 2^32");
  }
  expect(random(1).integer(1)).toBe(0);
  expect(random(1).integer(2 ** 32)).toBeLessThan(2 ** 32);
});
