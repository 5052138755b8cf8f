import { readFileSync } from "node:fs";
import { join } from "node:path";
import { readRunConfig } from "@ddpm/runs/authoring";
import { fsStorage } from "@ddpm/runs/node";
import { png, toPixels } from "@ddpm/viz/images";
import { sample } from "ddpm";
import { loadRun } from "ddpm/node";
import { beforeAll, expect, test } from "vitest";
import { temporaryFolder } from "./support/command.ts";
import { ddpmHere } from "./support/command-here.ts";
import { writeSmallRun } from "./support/small-run.ts";

const folder = temporaryFolder();

async function trained(name: string, changes: object): Promise<string> {
  const run = join(folder, name);
  const { code, stderr } = await ddpmHere("train", writeSmallRun(folder, changes), "--out", run);
  expect(stderr).not.toMatch(/error/i);
  expect(code).toBe(0);
  return run;
}

let symmetric: string;
let unit: string;
beforeAll(async () => {
  symmetric = await trained("symmetric", {});
  unit = await trained("unit", { data: { source: "shapes", size: 16, range: "unit" } });
});

test.each(["symmetric", "unit"])(
  "samples of a loaded run (%s) are those that the command writes, to the byte",
  async (name) => {
    const run = name === "unit" ? unit : symmetric;
    const out = join(folder, `${name}-samples`);
    expect((await ddpmHere("sample", run, "--count", "2", "--seed", "5", "--out", out)).code).toBe(0);
    const model = await loadRun(run);
    const images = await sample(model, { count: 2, seed: 5 });
    for (const [i, pixels] of toPixels(images).entries())
      expect(Buffer.from(png(pixels)).equals(readFileSync(join(out, `${i}.png`)))).toBe(true);
  },
);

test("it has the settings of its run, which a call may change", async () => {
  const model = await loadRun(symmetric);
  const { sample: settings, data } = await readRunConfig(fsStorage(symmetric));
  expect(model.sampling.steps).toBe(settings.steps);
  expect(model.range).toBe(data.range);
  let steps = 0;
  for await (const { step } of sample(model, { count: 1, steps: 2 })) steps = step;
  expect(steps).toBe(2);
});

test("a folder without a run, and a checkpoint that is not there, are refused in words", async () => {
  await expect(loadRun(folder)).rejects.toThrow("is not a run: it has no config.json");
  await expect(loadRun(symmetric, 7)).rejects.toThrow("is not a checkpoint");
  await expect(loadRun(symmetric, "best")).rejects.toThrow("is marked as the best");
});
