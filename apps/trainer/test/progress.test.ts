import { stripVTControlCharacters as plain } from "node:util";
import { expect, test } from "vitest";
import { barLine } from "../src/output/bar-line.ts";
import type { Reporter } from "../src/output/reporter.ts";
import { estimates } from "../src/run/timing/estimate.ts";

test.each([
  [{ done: 800, total: 3200, unit: "images", perSecond: 114, note: "loss 0.123" }, 80],
  [{ done: 1_234_567, total: 102_400_000, unit: "images", perSecond: 2.3, note: "loss 0.0123" }, 80],
  [{ done: 1_234_567, total: 102_400_000, unit: "images", perSecond: 2.3, note: "loss 0.0123" }, 56],
])("the line of %o fits in %d columns, its note included", (progress, columns) => {
  const line = plain(barLine(progress, progress.done / progress.total, columns));
  expect(line.length).toBeLessThan(columns);
  expect(line).toMatch(new RegExp(`${progress.note}$`));
});

test("a bar without a known rate shows none, and one without room is a percentage", () => {
  const progress = { done: 16, total: 3200, unit: "images" };
  expect(plain(barLine(progress, 0.005, 80))).toMatch(/^ +0% {2}16\/3,200 images$/);
  expect(plain(barLine(progress, 0.005, 12))).toMatch(/ 0%$/);
});

test("how long a training takes is reported once, after some updates, and what --minutes allows of it", () => {
  const lines: string[] = [];
  const reporter = { event: (_event, text = "") => lines.push(text) } as Pick<Reporter, "event"> as Reporter;
  const config = { train: { images: 102_400_000, minutes: 1 } } as Parameters<typeof estimates>[0]["config"];
  const estimate = estimates({ config }, reporter);
  estimate({ images: 128, step: 1 });
  for (let step = 2; step < 8; step++) estimate({ images: 128 * step, step, imagesPerSecond: 2.3 });
  expect(lines).toEqual([
    "  time        about 515 days on this machine (2.3 images/s); it stops after 1 minute",
  ]);
});
