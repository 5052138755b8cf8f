import { cpSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { float32, readSafetensors } from "@ddpm/weights";
import { decode } from "fast-png";
import { unzipSync, zipSync } from "fflate";
import { afterAll, beforeAll, describe, expect, inject, it } from "vitest";
import { furthest, middleOf } from "./compare.ts";
import { answered, longestTask, watchMainThread } from "./main-thread.ts";
import { openStudio, type Studio } from "./open-studio.ts";
import { drawLittle, filesOf, runCommand } from "./run-folder.ts";

const built = inject("studioPage");

/** A run that uses what the page itself never asks for: images held out, another stream, parts of a batch, a course. */
const SETTINGS = {
  "data.count": 200,
  "data.flip": false,
  "heldOut.amount": 20,
  "heldOut.pairs": 8,
  "heldOut.buckets": 2,
  "denoiser.width": 8,
  "denoiser.multipliers": [1],
  "denoiser.attention": [],
  "denoiser.classes": 6,
  "train.labelDropout": 0.1,
  "train.batch": 8,
  "train.accumulate": 2,
  "train.learningRate": { name: "cosine", rate: 4e-3, warmup: 2, length: 20 },
  "every.log": 16,
  "every.samples": 1000,
  "every.checkpoint": 1000,
  "sample.count": 1,
  "sample.steps": 2,
};
const set = Object.entries(SETTINGS).map(([key, value]) => `${key}=${JSON.stringify(value)}`);

interface Row {
  readonly images: number;
  readonly loss?: number;
  readonly learningRate?: number;
}

const logOf = (run: string): Row[] =>
  readFileSync(join(run, "log.jsonl"), "utf8")
    .trim()
    .split("\n")
    .map((line) => JSON.parse(line) as Row)
    .filter(({ loss }) => loss !== undefined);

const weightsOf = (run: string, images: number): Float32Array[] => {
  const file = join(run, "checkpoints", String(images).padStart(12, "0"), "ema.safetensors");
  return Object.values(readSafetensors(readFileSync(file), { file }).tensors).map((one) => float32(one));
};

// Each run of the command is a process of its own, which waits long on a busy machine.
describe.skipIf(!built)("runs between the page and the command", { timeout: 900_000 }, () => {
  let studio: Studio;
  beforeAll(async () => {
    studio = await openStudio(built);
    await watchMainThread(studio.page);
  });
  afterAll(() => studio?.close());

  const entry = (run: string) =>
    studio.page.locator("section[aria-label=Runs] .entry", {
      has: studio.page.getByText(run, { exact: true }),
    });
  const bringIn = async (files: Record<string, Uint8Array>): Promise<void> => {
    const zip = join(studio.folder, "run.zip");
    writeFileSync(zip, zipSync(files));
    await studio.page.locator("section[aria-label=Runs] input[type=file]").setInputFiles(zip);
  };
  /** Downloads a run into a folder of its name below `to`. */
  const takeOut = async (run: string, to: string): Promise<string> => {
    const saved = studio.page.waitForEvent("download");
    await entry(run).getByRole("button", { name: "Download" }).click();
    const zip = join(studio.folder, "out.zip");
    await (await saved).saveAs(zip);
    for (const [path, bytes] of Object.entries(unzipSync(readFileSync(zip)))) {
      mkdirSync(dirname(join(to, path)), { recursive: true });
      writeFileSync(join(to, path), bytes);
    }
    return join(to, run);
  };

  it("a run of the command is sampled, resumed in the page, and again in the command as if it had never left", async () => {
    const { page, folder } = studio;
    const theirs = join(folder, "theirs");
    const images = (count: number): string[] => ["--images", String(count), "--backend", "onnx"];
    runCommand("train", "quickstart", "--out", theirs, ...images(48), "--set", ...set);
    const drawn = join(folder, "drawn");
    const drawing = ["--count", "1", "--steps", "2", "--label", "2", "--backend", "cpu"];
    runCommand("sample", theirs, ...drawing, "--out", drawn);
    const stayed = join(folder, "stayed");
    cpSync(theirs, stayed, { recursive: true });
    runCommand("train", "--resume", "--out", stayed, ...images(144));

    await studio.open("train");
    await bringIn(filesOf(theirs));
    await expect.poll(() => entry("theirs").innerText()).toContain("48 of 48 images");
    await studio.open("sample", { model: "theirs", steps: 2, count: 1, label: 2, guidance: 1 });
    await page.getByRole("option", { name: "run theirs" }).waitFor({ state: "attached" });
    await page.getByRole("button", { name: "Draw", exact: true }).click();
    await page.locator(".lanes section").waitFor();
    await expect.poll(() => page.getByRole("button", { name: "Draw", exact: true }).isEnabled()).toBe(true);
    const seen = await page
      .locator("canvas.picture")
      .first()
      .evaluate((element) => {
        const canvas = element as HTMLCanvasElement;
        const { data } = canvas.getContext("2d")!.getImageData(0, 0, canvas.width, canvas.height);
        return [...data].filter((_, i) => i % 4 < 3);
      });
    const expected = middleOf(decode(readFileSync(join(drawn, "grid.png"))));
    expect(furthest(seen, expected)).toBeLessThanOrEqual(1);

    await studio.open("train");
    await entry("theirs").getByRole("button", { name: "Train as long again" }).click();
    await expect.poll(() => entry("theirs").innerText()).toContain("96 of 96 images");
    const back = await takeOut("theirs", join(folder, "back"));
    runCommand("train", "--resume", "--out", back, ...images(144));
    const [here, there] = [logOf(back), logOf(stayed)];
    expect(here.map((row) => row.images)).toEqual(there.map((row) => row.images));
    expect(here.map((row) => row.learningRate)).toEqual(there.map((row) => row.learningRate));
    for (const [i, { loss }] of here.entries()) expect(loss!).toBeCloseTo(there[i]!.loss!, 3);
    const [mine, reference] = [weightsOf(back, 144), weightsOf(stayed, 144)];
    const differences = mine.map((values, k) =>
      Math.max(...values.map((v, i) => Math.abs(v - reference[k]![i]!))),
    );
    expect(Math.max(...differences)).toBeLessThan(1e-3);
  });

  it("a rate that is changed while it trains holds from the next update on, also in the command", async () => {
    const { page, folder } = studio;
    await studio.take("wasm");
    await studio.open("train", {
      width: 8,
      levels: 1,
      labelled: false,
      batch: 8,
      rate: 4e-3,
      images: 200_000,
    });
    await page.getByRole("button", { name: "Measure" }).click();
    await expect.poll(() => page.getByText("As fast as this network was on wasm.").count()).toBe(1);
    expect(await studio.fact("time (estimate)")).toMatch(/^\d.* (s|m)$/);
    expect(await entry("shapes").count()).toBe(0);

    await page.getByRole("button", { name: "Train", exact: true }).click();
    await expect.poll(() => studio.fact("loss, smoothed")).toMatch(/\d/);
    const progress = page.locator("section[aria-label=Progress]");
    expect(await studio.fact("time left")).toMatch(/\d/);
    const inputs = async (): Promise<void> => {
      await progress.getByRole("slider", { name: "Learning rate" }).focus();
      for (let k = 0; k < 10; k++) await page.keyboard.press("ArrowLeft");
      await page.getByText("More", { exact: true }).click();
      await page.locator(".plot svg").hover();
      for (let k = 0; k < 5; k++) await page.keyboard.press("Tab");
      await progress.getByRole("spinbutton", { name: "Learning rate, as a number" }).fill("0.0005");
      await page.keyboard.press("Tab");
      await expect.poll(() => studio.fact("rate")).toBe("5e-4");
    };
    await longestTask(page, () => answered(page, inputs));
    await studio.shoot("train-rate");
    await page.getByRole("button", { name: "Pause" }).click();
    await expect.poll(() => entry("shapes").getByRole("button", { name: "Resume" }).isEnabled()).toBe(true);

    const run = await takeOut("shapes", join(folder, "changed"));
    const { train } = JSON.parse(readFileSync(join(run, "config.json"), "utf8"));
    const { name, of, unit, changes } = train.learningRate;
    expect({ name, of, unit }).toEqual({
      name: "changed",
      of: { name: "constant", rate: 4e-3 },
      unit: "images",
    });
    const { from, factor } = changes.at(-1);
    expect(factor).toBe(0.125);
    const rows = logOf(run);
    expect(rows.filter((row) => row.images > from).every((row) => row.learningRate === 5e-4)).toBe(true);
    expect(rows[0]!.learningRate).toBe(4e-3);

    drawLittle(run);
    const latest = Number(readFileSync(join(run, "checkpoints", "latest"), "utf8"));
    runCommand("train", "--resume", "--out", run, "--images", String(latest + 64), "--backend", "onnx");
    expect(logOf(run).at(-1)).toMatchObject({ learningRate: 5e-4 });
    expect(logOf(run).at(-1)!.images).toBeGreaterThan(latest);
  });

  it("stays awake with a log of many rows", async () => {
    const { page, folder } = studio;
    const files = filesOf(join(folder, "stayed"));
    const rows = Array.from({ length: 20_000 }, (_, i) => ({
      images: (144 * i) / 20_000,
      step: 1,
      loss: 0.5 + 0.4 * Math.sin(i),
      gradientNorm: 1,
      learningRate: 1e-3,
      emaDecay: 0.9,
    }));
    const log = new TextEncoder().encode(rows.map((row) => `${JSON.stringify(row)}\n`).join(""));
    await studio.open("train");
    await bringIn({ ...files, "stayed/log.jsonl": log });
    await entry("stayed").waitFor();
    const inputs = async (): Promise<void> => {
      await entry("stayed").getByRole("button", { name: "Train as long again" }).click();
      for (let k = 0; k < 20; k++) await page.keyboard.press("Tab");
      await expect.poll(() => entry("stayed").innerText()).toContain("288 of 288 images");
    };
    await longestTask(page, () => answered(page, inputs));
    expect(studio.complaints).toEqual([]);
    expect(studio.foreign).toEqual([]);
  });
});
