import { type Images, random } from "@ddpm/core";
import { expect, test } from "vitest";
import { pixelStatistics } from "../src/authoring.ts";
import { pixelDistances } from "../src/index.ts";
import { mergePixelStatistics } from "../src/pixels/pixel-statistics.ts";
import { spectrumOf } from "../src/pixels/spectrum.ts";

const noise = (seed: number, count: number, scale = 0.3): Images => ({
  data: random(seed)
    .normals(count * 6 * 8 * 2)
    .map((value) => Math.max(-1, Math.min(1, scale * value))),
  shape: [count, 6, 8, 2],
});

test("a wave has its power at its own radius, and all powers add up to the squares of the pixels (Parseval)", () => {
  const wave = Float32Array.from({ length: 64 }, (_, at) => Math.cos((2 * Math.PI * 3 * (at % 8)) / 8));
  const power = spectrumOf([8, 8, 1])(wave);
  expect(power.indexOf(Math.max(...power))).toBe(3);
  for (const [ring, value] of power.entries()) if (ring !== 3) expect(value).toBeLessThan(1e-10);
  const flat = spectrumOf([5, 7, 1])(new Float32Array(35).fill(0.5));
  expect(flat[0]).toBeCloseTo(0.25 * 35, 10);
  // White noise has the same power everywhere: the variance of a pixel.
  const many = pixelStatistics(noise(1, 200));
  for (const value of many.spectrum.slice(1)) expect(value).toBeCloseTo(0.09, 1);
});

test("statistics of parts merge to those of the whole", () => {
  const all = noise(2, 10);
  const part = (from: number, to: number): Images => ({
    data: all.data.subarray(from * 96, to * 96),
    shape: [to - from, 6, 8, 2],
  });
  const merged = mergePixelStatistics([pixelStatistics(part(0, 3)), pixelStatistics(part(3, 10))]);
  const whole = pixelStatistics(all);
  for (const name of ["mean", "deviation", "histogram", "spectrum"] as const) {
    for (const [k, value] of whole[name].entries()) expect(merged[name][k]).toBeCloseTo(value, 10);
  }
});

test("distances see what changed, in its own units, and refuse other sizes", () => {
  const real = pixelStatistics(noise(3, 200));
  const same = pixelDistances(real, noise(4, 200));
  const brighter: Images = { ...noise(5, 200), data: noise(5, 200).data.map((value) => value + 0.1) };
  const moved = pixelDistances(real, brighter);
  expect(moved.mean.value).toBeCloseTo(0.1, 1);
  expect(moved.histogram.value).toBeCloseTo(0.1, 1);
  expect(same.mean.value).toBeLessThan(0.01);
  expect(moved.mean.interval![0]).toBeGreaterThan(same.mean.interval![1]);
  const duller = pixelDistances(real, noise(6, 200, 0.2));
  expect(duller.spectrum.value).toBeCloseTo(Math.log(0.09 / 0.04), 0);
  expect(() => pixelDistances(real, { data: new Float32Array(20 * 4), shape: [20, 2, 2, 1] })).toThrow(
    /sizes/,
  );
});
