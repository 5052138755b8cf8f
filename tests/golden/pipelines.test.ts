import { mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import * as tf from "@tensorflow/tfjs";
import { afterAll, expect, test } from "vitest";
import { goldenFiles, goldenFolder, isLeftOut, readGolden } from "./read-golden.ts";
import { nameOf, runGolden } from "./runners.ts";

const files = goldenFiles("pipelines");

test.skipIf(isLeftOut("pipelines/cases.json"))("there are files of pipelines", () => {
  expect(files.length).toBeGreaterThan(1);
});

test.each(files.map((path) => [nameOf(path), path]))(
  "%s: states, images, losses and gradients equal their reference",
  async (_name, path) => {
    const before = tf.memory().numTensors;
    const result = await runGolden(path);
    expect(result.failures).toEqual([]);
    expect(result.unsupported).toEqual([]);
    expect(result.passed).toBeGreaterThan(7);
    expect(tf.memory().numTensors).toBe(before);
  },
);

const made = mkdtempSync(join(tmpdir(), "ddpm-golden-"));
afterAll(() => rmSync(made, { recursive: true }));

test.skipIf(isLeftOut("pipelines/cases.json"))(
  "another state, weight and pipeline are found, never passed",
  async () => {
    const folder = join(made, "pipelines");
    mkdirSync(folder);
    for (const name of readdirSync(join(goldenFolder, "pipelines")).filter(
      (one) => !one.startsWith("cases.json"),
    ))
      writeFileSync(
        join(folder, name.replace(/\.gz$/, "")),
        readGolden(join(goldenFolder, "pipelines", name.replace(/\.gz$/, ""))),
      );
    const file = JSON.parse(
      new TextDecoder().decode(readGolden(join(goldenFolder, "pipelines", "cases.json"))),
    );
    const [first] = file.cases;
    const cases = [
      { ...first, guidance_scale: first.guidance_scale + 0.01 },
      { ...first, pipeline: "upscale" },
      { ...first, unet: "unet_of_another" },
    ];
    const [step] = file.training.filter(({ snr_gamma }: { snr_gamma: number | null }) => snr_gamma);
    const training = [{ ...step, snr_gamma: step.snr_gamma / 2 }];
    writeFileSync(join(folder, "cases.json"), JSON.stringify({ ...file, cases, training }));
    const { failed, failures, unsupported } = await runGolden(join(folder, "cases.json"));
    expect(failed).toBeGreaterThan(5);
    const found = failures.map(({ id }) => id);
    expect(found).toContain("ddim state 0");
    expect(found).toContain(`${step.name} weights`);
    expect(unsupported.map(({ reason }) => reason)).toEqual([
      "the pipeline upscale has no counterpart",
      "no part is called unet_of_another",
    ]);
  },
);
