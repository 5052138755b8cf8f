import "@tensorflow/tfjs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { goldenFolder, isLeftOut, readGolden } from "./read-golden.ts";
import { runFile } from "./samplers.ts";
import type { SamplingCase, SamplingFile } from "./sampling/file.ts";

const path = join(goldenFolder, "samplers.json");
const leftOut = isLeftOut("samplers.json");
const read = (): SamplingFile => JSON.parse(new TextDecoder().decode(readGolden(path))) as SamplingFile;

test.skipIf(leftOut)("every sampler equals its references", async () => {
  const result = await runFile(read());
  expect(result.failures).toEqual([]);
  expect(result.unsupported.length).toBeLessThanOrEqual(0.02 * (result.passed + result.unsupported.length));
  expect(result.passed).toBeGreaterThan(0);
});

/** One case of each scheduler and sampler. */
function kinds({ cases }: SamplingFile): SamplingCase[] {
  const byKind = new Map(
    cases.map((golden) => [`${golden.reference} ${golden.scheduler ?? golden.sampler}`, golden]),
  );
  return [...byKind.values()];
}

test.skipIf(leftOut)("a result that is off by a hundredth is found, for every kind of sampler", async () => {
  const file = read();
  const spoiled = kinds(file).map((golden) => {
    const trajectory = golden.trajectory.map((state) => [...state]);
    const last = trajectory.at(-1)!;
    last[5] = last[5]! + 1e-2 * Math.max(1, ...last.map(Math.abs));
    return { ...golden, trajectory };
  });
  const { passed, failed } = await runFile({ ...file, cases: spoiled });
  expect({ passed, failed }).toEqual({ passed: 0, failed: spoiled.length });
});

test.skipIf(leftOut)("what is not known is unsupported or has failed with words, never passed", async () => {
  const file = read();
  const [some] = file.cases;
  const cases = [
    { ...some!, scheduler: "SpiralScheduler" },
    { ...some!, config: { ...some!.config, variance_type: "guessed" } },
    { ...some!, trajectory: some!.trajectory.slice(1) },
  ];
  const { passed, unsupported, failures } = await runFile({ ...file, cases });
  expect(passed).toBe(0);
  expect(unsupported.map(({ reason }) => reason)).toEqual([
    "no sampler is declared as huggingface/diffusers SpiralScheduler",
    "variance_type guessed has no counterpart",
  ]);
  expect(failures[0]?.reason).toContain("states, and the reference stores");
});
