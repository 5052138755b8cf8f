import { afterEach, expect, it, vi } from "vitest";
import { plainReporter } from "../src/output/plain-reporter.ts";

afterEach(() => void vi.restoreAllMocks());

it("prints the end of a stage once, however often it is reported, and the next stage's end again", () => {
  const lines: string[] = [];
  vi.spyOn(process.stdout, "write").mockImplementation((text) => lines.push(String(text)) > 0);
  const { progress } = plainReporter();
  const report = (done: number): void => progress({ done, total: 4, unit: "images", perSecond: 2 });
  for (const done of [1, 4, 4, 4]) report(done);
  for (const done of [1, 4, 4]) report(done);
  expect(lines.filter((line) => line.startsWith("4/4"))).toHaveLength(2);
});
