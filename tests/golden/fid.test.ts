import { join } from "node:path";
import { expect, test } from "vitest";
import { runFile } from "./fid.ts";
import { goldenFolder, isLeftOut, readGolden } from "./read-golden.ts";

type File = { cases: Record<string, Record<string, unknown>>[] };
const path = join(goldenFolder, "fid.json");
const leftOut = isLeftOut("fid.json");
const read = (): File => JSON.parse(new TextDecoder().decode(readGolden(path))) as File;

test.skipIf(leftOut)(
  "statistics, distances, kernels, neighbourhoods and scores equal their references",
  async () => {
    const result = await runFile(read());
    expect(result.failures).toEqual([]);
    expect(result.unsupported).toEqual([]);
    expect(result.passed).toBeGreaterThan(0);
  },
);

/** Moves every stored number by a ten-thousandth, except the features, which are what is given. */
function spoil(value: unknown, key = ""): unknown {
  if (/^(features_|drawn_|shape)/.test(key)) return value;
  if (typeof value === "number") return value * 1.0001 + 1e-4;
  if (typeof value !== "object" || value === null) return value;
  if (Array.isArray(value)) return value.map((each) => spoil(each));
  return Object.fromEntries(Object.entries(value).map(([name, each]) => [name, spoil(each, name)]));
}

test.skipIf(leftOut)("wrong numbers are found, every one", async () => {
  const file = read();
  const spoiled = file.cases.map((golden) => spoil(golden));
  const { passed, failed } = await runFile({ cases: spoiled });
  expect(passed).toBe(0);
  expect(failed).toBe((await runFile(file)).passed);
});

test.skipIf(leftOut)("what is declared by no known name is unsupported", async () => {
  const [golden] = read().cases;
  const { id, features_1_generated, features_2_real } = golden!;
  const strange = {
    id,
    features_1_generated,
    features_2_real,
    frechet_distance: { "someone-else": 1 },
    kid: { "laplace kernel, unbiased": 1, "mmd2 of another kind": 1 },
    precision_recall: { "k=3": { precision: 1, sharpness: 1 } },
    colour: 3,
  };
  const { passed, failed, unsupported } = await runFile({ cases: [strange], spirals: [] });
  expect({ passed, failed }).toEqual({ passed: 0, failed: 0 });
  expect(unsupported.map(({ reason }) => reason)).toEqual([
    "no Fréchet distance is declared as someone-else",
    "no kernel is declared by laplace kernel, unbiased",
    "no estimator is declared by mmd2 of another kind",
    "nothing compares sharpness",
    "nothing compares colour",
    "nothing compares the part spirals",
  ]);
});
