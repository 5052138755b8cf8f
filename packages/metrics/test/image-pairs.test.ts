import { type Images, random } from "@ddpm/core";
import { expect, test } from "vitest";
import { peakSignalToNoise, structuralSimilarity } from "../src/authoring.ts";

const images = (shape: Images["shape"], pixel: (k: number) => number): Images => ({
  data: Float32Array.from({ length: shape.reduce((a, b) => a * b) }, (_, k) => pixel(k)),
  shape,
});

/** Numbers of scikit-image 0.26.0 for sin(f k + 0.2) and sin(g k + 0.2), k the place in [H, W, C]. */
test.each([
  { size: [16, 21, 3], f: 0.37, g: 0.41, ssim: 0.0006721886973460534, psnr: 6.070458470714295 },
  { size: [11, 12, 1], f: 1.3, g: 1.29, ssim: 0.7809699373556589, psnr: 11.768499054355816 },
  { size: [32, 32, 3], f: 0.05, g: 0.0501, ssim: 0.9284924694049836, psnr: 24.076824429755685 },
] as const)("SSIM and PSNR of $size are those of scikit-image", ({ size: [h, w, c], f, g, ssim, psnr }) => {
  const [a, b] = [f, g].map((step) => images([1, h, w, c], (k) => Math.sin(step * k + 0.2))) as [
    Images,
    Images,
  ];
  expect(structuralSimilarity(a, b)[0]).toBeCloseTo(ssim, 7);
  expect(peakSignalToNoise(a, b)[0]).toBeCloseTo(psnr, 5);
});

test("each pair has a number of its own; equal images have 1 and ∞; the order of a pair does not matter", () => {
  const noise = (seed: number) =>
    images([3, 12, 14, 2], () => 0).data.map((_, k) => random(seed).fork(k).normal());
  const shape = [3, 12, 14, 2] as const;
  const a: Images = { data: Float32Array.from(noise(1)), shape };
  const b: Images = { data: Float32Array.from(noise(2)), shape };
  b.data.set(a.data.subarray(0, 12 * 14 * 2));
  for (const measure of [structuralSimilarity, peakSignalToNoise]) {
    const values = measure(a, b, 8);
    expect(values).toHaveLength(3);
    expect(values[0]).toBe(measure === peakSignalToNoise ? Number.POSITIVE_INFINITY : 1);
    expect(values[1]).toBeLessThan(values[0]!);
    expect(measure(b, a, 8)).toEqual(values);
  }
});

test("SSIM of even images is their light alone, PSNR that of their difference", () => {
  const [a, b] = [0.5, -0.25].map((value) => images([1, 11, 11, 1], () => value)) as [Images, Images];
  const c1 = 0.02 ** 2;
  expect(structuralSimilarity(a, b)[0]).toBeCloseTo((2 * 0.5 * -0.25 + c1) / (0.5 ** 2 + 0.25 ** 2 + c1), 12);
  expect(peakSignalToNoise(a, b)[0]).toBeCloseTo(20 * Math.log10(2 / 0.75), 12);
  expect(peakSignalToNoise(a, b, 1)[0]).toBeCloseTo(20 * Math.log10(1 / 0.75), 12);
});

test("other shapes and images smaller than the window are refused with their sizes", () => {
  const small = images([1, 8, 12, 1], () => 0);
  expect(() => structuralSimilarity(small, small)).toThrow(/8 × 12, expected at least 11 × 11/);
  expect(() =>
    peakSignalToNoise(
      small,
      images([1, 12, 8, 1], () => 0),
    ),
  ).toThrow(/\[1,8,12,1\] and \[1,12,8,1\]/);
});
