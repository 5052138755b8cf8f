import "@tensorflow/tfjs";
import { expect, test } from "vitest";
import { runFile as runEmaLr } from "./ema_lr.ts";
import { runFile as runFid } from "./fid.ts";
import { runFile as runGaussian } from "./gaussian.ts";
import { emaLrFile, unknownEmaLr } from "./make/ema-lr.ts";
import { fidFile, unknownFid } from "./make/fid.ts";
import { gaussianFile, unknownGaussian } from "./make/gaussian.ts";
import { samplersFile, unknownSamplers } from "./make/samplers.ts";
import { schedulesFile, unknownSchedules } from "./make/schedules.ts";
import { runFile as runSamplers } from "./samplers.ts";
import { runFile as runSchedules } from "./schedules.ts";

const kinds = [
  ["schedules", schedulesFile(), runSchedules, unknownSchedules],
  ["samplers", samplersFile(), runSamplers, unknownSamplers],
  ["gaussian", gaussianFile(), runGaussian, unknownGaussian],
  ["ema_lr", emaLrFile(), runEmaLr, unknownEmaLr],
  ["fid", fidFile(), runFid, unknownFid],
] as const;

test.each(kinds)(
  "%s of other shapes, sizes and options agree with their definitions; unknown names are unsupported",
  async (_kind, file, runFile, unknown) => {
    const { passed, failures, unsupported, uncompared } = await runFile(file);
    expect(failures).toEqual([]);
    expect(uncompared).toEqual([]);
    expect(unsupported).toHaveLength(unknown);
    expect(passed).toBeGreaterThan(unknown);
  },
);

/** Every number of what is compared, moved. */
const moved = (value: unknown): unknown => {
  if (typeof value === "number") return value * 1.02 + 0.01;
  if (Array.isArray(value)) return value.map(moved);
  if (typeof value !== "object" || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([name, each]) => [name, moved(each)]));
};

test("a generated number that is off by a hundredth fails, in the last state of every sampler", async () => {
  const file = samplersFile();
  const cases = file.cases.map((golden) => ({ ...golden, final_float64: moved(golden.final_float64) }));
  const { passed, failed } = await runSamplers({ ...file, cases });
  expect({ passed, failed }).toEqual({ passed: 0, failed: file.cases.length - unknownSamplers });
});

test.each(kinds)(
  "%s with broken entries fail entry by entry, and the others still pass",
  async (_kind, file, runFile) => {
    const plain = await runFile(file);
    const lists = Object.entries(file).map(([part, entries]) => [
      part,
      Array.isArray(entries) ? [null, 7, ...(entries as unknown[]), {}] : entries,
    ]);
    const { passed, failed, unsupported } = await runFile(Object.fromEntries(lists));
    expect(passed).toBe(plain.passed);
    expect(failed + unsupported.length).toBeGreaterThan(plain.unsupported.length);
  },
);

test("a member that nothing compares is listed", async () => {
  const { cases, ...file } = samplersFile();
  const { uncompared } = await runSamplers({ ...file, cases: [{ ...cases[0], momentum_buffer: [1, 2] }] });
  expect(uncompared.map(({ members }) => members)).toEqual([["momentum_buffer"]]);
});

test("a case that stores nothing to compare has failed", async () => {
  const { cases, ...file } = samplersFile();
  const { passed, failed } = await runSamplers({ ...file, cases: [{ ...cases[0], trajectory: [] }] });
  expect({ passed, failed }).toEqual({ passed: 0, failed: 1 });
});
