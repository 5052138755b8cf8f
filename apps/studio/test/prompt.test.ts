import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { decode } from "fast-png";
import { zipSync } from "fflate";
import { afterAll, beforeAll, describe, expect, inject, it } from "vitest";
import { furthest } from "./compare.ts";
import { openStudio, type Studio } from "./open-studio.ts";
import { filesOf, runCommand } from "./run-folder.ts";

const built = inject("studioPage");

/** A few images of the smallest network that reads captions. */
const small = [
  ...["denoiser.width=4", "denoiser.multipliers=[1,2]", "denoiser.attention=[1]", "denoiser.groups=4"],
  ...[
    "denoiser.heads=2",
    "denoiser.context=8",
    "denoiser.vector=8",
    "train.batch=4",
    "train.learningRate=0.05",
  ],
  'text.model={"name":"transformer","width":8,"layers":1,"heads":2}',
  ...["sample.steps=1", "sample.count=1", "sample.strip=1", "sample.stages=2", "train.ema=null"],
];

describe.skipIf(!built)("a run that reads captions, in the sample panel", { timeout: 900_000 }, () => {
  let studio: Studio;
  beforeAll(async () => {
    studio = await openStudio(built);
  });
  afterAll(() => studio?.close());

  it("draws what a prompt says, as the command does", async () => {
    const { page, folder } = studio;
    const run = join(folder, "reading");
    mkdirSync(folder, { recursive: true });
    runCommand("train", "captions", "--images", "48", "--backend", "wasm", "--out", run, "--set", ...small);
    writeFileSync(join(folder, "run.zip"), zipSync(filesOf(run)));
    await studio.open("train");
    await page.locator("section[aria-label=Runs] input[type=file]").setInputFiles(join(folder, "run.zip"));
    await expect.poll(() => page.locator("section[aria-label=Runs]").textContent()).toContain("reading");
    const drawn = async (prompt: string): Promise<number[]> => {
      await studio.open("sample", { model: "reading", steps: 2, count: 1, guidance: 6, seed: 4 });
      await page.getByRole("textbox", { name: "Prompt" }).fill(prompt);
      await page.keyboard.press("Tab");
      const button = page.getByRole("button", { name: "Draw", exact: true });
      await expect.poll(() => button.isEnabled()).toBe(true);
      await button.click();
      await expect.poll(() => page.locator(".lanes section").textContent()).toMatch(/step 2 of 2/);
      return page.getByRole("img", { name: /images after step/ }).evaluate((element) => {
        const canvas = element as HTMLCanvasElement;
        const { data } = canvas.getContext("2d")!.getImageData(0, 0, canvas.width, canvas.height);
        return [...data].filter((_, i) => i % 4 === 0);
      });
    };
    const stars = await drawn("two small red stars");
    await studio.shoot("sample-prompt");
    const ring = await drawn("a large blue ring");
    expect(furthest(stars, ring)).toBeGreaterThan(1);

    const out = join(folder, "drawn");
    const drawing = ["--prompt", "two small red stars", "--guidance", "6", "--seed", "4", "--steps", "2"];
    runCommand("sample", run, ...drawing, "--count", "1", "--backend", "wasm", "--out", out);
    const { data, channels } = decode(readFileSync(join(out, "0.png")));
    const theirs = Array.from({ length: data.length / channels }, (_, i) => data[i * channels]!);
    expect(furthest(stars, theirs)).toBeLessThanOrEqual(1);

    await studio.open("sample", { model: "reading", steps: 2, count: 1, prompt: "a smal star" });
    await page.getByRole("button", { name: "Draw", exact: true }).click();
    await expect.poll(() => page.locator(".card").first().textContent()).toContain('Did you mean "small"?');
  });
});
