import { expect, it } from "vitest";
import {
  countOf,
  formatBytes,
  formatCount,
  formatDuration,
  formatEstimate,
  formatRate,
  formatShare,
  formatShort,
} from "../src/authoring.ts";

it.each([
  [0, "0 B"],
  [512, "512 B"],
  [999.6, "1 kB"],
  [1500, "1.5 kB"],
  [999_999, "1 MB"],
  [256e6, "256 MB"],
  [1.234e9, "1.23 GB"],
  [5e15, "5000 TB"],
])("%d bytes are %s", (bytes, text) => {
  expect(formatBytes(bytes)).toBe(text);
});

it.each([
  [0.4, "0 s"],
  [75, "1 m 15 s"],
  [59.6, "1 m 0 s"],
  [3 * 3600 + 20 * 60 + 1, "3 h 20 m"],
  [47 * 3600 + 59 * 60, "47 h 59 m"],
  [515 * 86_400 + 3600, "515 days"],
  [Number.POSITIVE_INFINITY, "–"],
  [Number.NaN, "–"],
])("%d seconds are %s", (seconds, text) => {
  expect(formatDuration(seconds)).toBe(text);
});

it("counts, shares and rates have the digits that matter", () => {
  expect([formatCount(2_866_563), countOf(1, "picture"), countOf(2000, "picture")]).toEqual([
    "2,866,563",
    "1 picture",
    "2,000 pictures",
  ]);
  expect([formatShare(4000), formatShare(5.3333)]).toEqual(["4,000", "5.33"]);
  expect([formatRate(51.23, "images"), formatRate(1.234, "images")]).toEqual(["51 images/s", "1.2 images/s"]);
});

it.each([
  [0, "0"],
  [0.00012, "1e-4"],
  [0.0034567, "0.00346"],
  [123.4, "123"],
  [-12_345, "-12.3 k"],
  [2.5e6, "2.5 M"],
])("%d in few characters is %s", (value, text) => {
  expect(formatShort(value)).toBe(text);
});

it.each([
  [0.2, "about 1 second"],
  [75, "about 75 seconds"],
  [170, "about 3 minutes"],
  [3 * 3600 + 1500, "about 3 hours"],
  [515.2 * 86_400, "about 515 days"],
  [1e9, "about 32 years"],
])("%d seconds are estimated as %s", (seconds, text) => {
  expect(formatEstimate(seconds)).toBe(text);
});
