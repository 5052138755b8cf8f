import type { DecodedPng } from "fast-png";
import { expect } from "vitest";

/** Largest difference between two pictures. */
export function furthest(a: readonly number[], b: readonly number[]): number {
  expect(a.length).toBe(b.length);
  return Math.max(...a.map((value, i) => Math.abs(value - b[i]!)));
}

/** The one picture of a grid, 16 × 16, red, green, blue, without its frame and enlargement. */
export function middleOf({ data, width, channels }: DecodedPng): number[] {
  const scale = Math.floor(width / 16);
  const frame = (width - 16 * scale) / 2;
  const place = (k: number): number => frame + k * scale;
  return Array.from({ length: 16 * 16 * 3 }, (_, i) => {
    const pixel = Math.floor(i / 3);
    return data[channels * (place(Math.floor(pixel / 16)) * width + place(pixel % 16)) + (i % 3)]!;
  });
}
