import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { random } from "@ddpm/core";
import { denoisers } from "@ddpm/unet";
import { type SafeTensor, writeSafetensors } from "@ddpm/weights";
import { decode } from "fast-png";
import { unzipSync } from "fflate";
import { afterAll, beforeAll, describe, expect, inject, it } from "vitest";
import { furthest } from "./compare.ts";
import { openStudio, type Studio } from "./open-studio.ts";
import { runCommand } from "./run-folder.ts";

const built = inject("studioPage");

/** Side of the tiny network's pictures. */
const SIDE = 8;
const NETWORK = { name: "ho", channels: 1, width: 8, multipliers: [1, 2], blocks: 1, attention: [] };

/** A network that was never trained, as a bare file: it has something to say about every pixel. */
function bareFile(): Uint8Array {
  const tensors = denoisers.create(NETWORK).specs.map(({ name, shape }): [string, SafeTensor] => {
    const numbers = random(3)
      .fork(name)
      .normals(shape.reduce((a, b) => a * b, 1));
    return [name, { dtype: "F32", shape: [...shape], data: numbers.map((value) => 0.2 * value) }];
  });
  return writeSafetensors(Object.fromEntries(tensors), { images: "48" });
}

describe.skipIf(!built)("the tasks of the sample panel", () => {
  let studio: Studio;
  beforeAll(async () => {
    studio = await openStudio(built);
  });
  afterAll(() => studio?.close());

  const idle = (): Promise<void> =>
    expect
      .poll(async () => {
        const { page } = studio;
        const drawn = (await page.locator(".lanes section").count()) > 0;
        return drawn && (await page.getByRole("button", { name: "Draw", exact: true }).isEnabled());
      })
      .toBe(true);
  /** Opens the panel with settings and draws, where it does not draw by itself. */
  const draw = async (settings: object): Promise<void> => {
    await studio.open("sample", { steps: 3, count: 1, samplers: [{ name: "ddim" }], ...settings });
    const button = studio.page.getByRole("button", { name: "Draw", exact: true });
    await expect.poll(() => button.isEnabled()).toBe(true);
    if ("model" in settings) await button.click();
    await idle();
  };
  /** Grey values of a canvas by its label. */
  const grey = (label: RegExp): Promise<number[]> =>
    studio.page.getByRole("img", { name: label }).evaluate((element) => {
      const canvas = element as HTMLCanvasElement;
      const { data } = canvas.getContext("2d")!.getImageData(0, 0, canvas.width, canvas.height);
      return [...data].filter((_, i) => i % 4 === 0);
    });
  const downloaded = async (button: string | RegExp, to: string): Promise<string> => {
    const saved = studio.page.waitForEvent("download");
    await studio.page.getByRole("button", { name: button, exact: typeof button === "string" }).click();
    const path = join(studio.folder, to);
    mkdirSync(dirname(path), { recursive: true });
    await (await saved).saveAs(path);
    return path;
  };
  /** The grey pixels of a picture that the command drew. */
  const theirs = (...path: readonly string[]): number[] => {
    const { data, width, height, channels } = decode(readFileSync(join(studio.folder, ...path)));
    expect([width, height]).toEqual([SIDE, SIDE]);
    return Array.from({ length: width * height }, (_, i) => data[i * channels]!);
  };

  it("takes a bare file of weights, and refuses another network tensor by tensor", async () => {
    const { page, folder } = studio;
    writeFileSync(join(folder, "bare.safetensors"), bareFile());
    await studio.open("sample", { steps: 1, count: 1 });
    await page.locator("input[accept*=safetensors]").setInputFiles(join(folder, "bare.safetensors"));
    const form = page.locator("section[aria-label='Weights of bare.safetensors']");
    await expect.poll(() => form.textContent()).toContain("by the names and shapes of its tensors");
    await expect.poll(() => form.textContent()).toContain("All fits");
    const options = JSON.parse(await form.getByRole("textbox").inputValue()) as object;
    expect(options).toEqual(NETWORK);
    await form.getByRole("textbox").fill(JSON.stringify({ ...NETWORK, multipliers: [1, 3] }));
    const take = form.getByRole("button", { name: "Import these weights" });
    await expect.poll(() => form.textContent()).toMatch(/down\.1\.res0\.conv1\.kernel is \[3, 3, 8, 16\]/);
    expect(await take.isDisabled()).toBe(true);
    await studio.shoot("weights");
    await form.getByRole("textbox").fill(JSON.stringify(NETWORK));
    await form.getByRole("combobox", { name: "Schedule" }).selectOption("cosine");
    await form.getByRole("combobox", { name: "Network predicts" }).selectOption("v");
    await form.getByRole("spinbutton", { name: "Image side" }).fill(String(SIDE));
    await page.keyboard.press("Tab");
    await expect.poll(() => take.isEnabled()).toBe(true);
    await take.click();
    await expect.poll(() => page.getByRole("combobox", { name: "Model" }).inputValue()).toBe("bare");

    await studio.open("train");
    const files = unzipSync(readFileSync(await downloaded(/^Download/, "bare.zip")));
    for (const [path, bytes] of Object.entries(files)) {
      mkdirSync(dirname(join(folder, path)), { recursive: true });
      writeFileSync(join(folder, path), bytes);
    }
  });

  it("inpaints as the command does, and keeps the rest", async () => {
    const { page, folder } = studio;
    await draw({
      ...{ model: "bare", task: "paint", picture: { builtIn: "star" }, repeats: 2, jump: 1, seed: 5 },
    });
    await page.getByRole("button", { name: "Clear the mask" }).click();
    await page.getByText("A rectangle by numbers").click();
    await page.getByRole("spinbutton", { name: "High, as a number" }).fill("3");
    await page.keyboard.press("Tab");
    await page.getByRole("button", { name: "Paint it" }).click();
    await expect.poll(() => page.locator(".easel [role=status]").textContent()).toMatch(/^12 of 64/);
    await page.getByRole("spinbutton", { name: "Brush, pixels across" }).fill("1");
    await page.keyboard.press("Tab");
    await page.evaluate(() => scrollTo(0, 0));
    const box = (await page.locator("canvas.brush").boundingBox())!;
    await page.mouse.move(box.x + 0.06 * box.width, box.y + 0.06 * box.height);
    await page.mouse.down();
    await page.mouse.move(box.x + 0.94 * box.width, box.y + 0.06 * box.height);
    await page.mouse.up();
    await expect.poll(() => page.locator(".easel [role=status]").textContent()).toMatch(/^20 of 64/);
    await page.getByRole("button", { name: "Draw", exact: true }).click();
    await expect.poll(() => page.getByRole("button", { name: "Stop" }).isDisabled()).toBe(true);
    await expect.poll(() => page.locator(".lanes section").textContent()).toMatch(/step 7 of 7 · 5 calls/);
    await studio.shoot("sample-paint");

    const [picture, result] = [await grey(/^the picture: star/), await grey(/images after step/)];
    const painted = decode(readFileSync(await downloaded("Save mask", "mask.png"))).data;
    expect(Array.from(painted).filter((one) => one > 0).length).toBe(20);
    const kept = (of: readonly number[]): number[] => of.filter((_, i) => painted[i] === 0);
    expect(furthest(kept(result), kept(picture))).toBeLessThanOrEqual(1);
    expect(furthest(result, picture)).toBeGreaterThan(10);
    await downloaded("Save picture", "pictures/0.png");
    const [out, mask] = [join(folder, "painted"), join(folder, "mask.png")];
    const drawing = ["--steps", "3", "--spacing", "trailing", "--seed", "5", "--backend", "cpu"];
    const flags = ["--jump", "1", "--repeats", "2", "--out", out];
    runCommand(
      "inpaint",
      join(folder, "bare"),
      join(folder, "pictures"),
      "--mask",
      mask,
      ...flags,
      ...drawing,
    );
    expect(furthest(result, theirs("painted", "0.png"))).toBeLessThanOrEqual(1);

    // The link restores what was painted.
    await expect.poll(() => page.url()).toContain(encodeURIComponent('"mask":"8x8:'));
    await page.reload();
    await expect.poll(() => page.locator(".easel [role=status]").textContent()).toMatch(/^20 of 64/);
  });

  it("interpolates between two pictures as the command does, and saves it", async () => {
    const { folder } = studio;
    const ends = { picture: { builtIn: "star" }, other: { builtIn: "sunset" } };
    await draw({ model: "bare", task: "mix", between: "pictures", stages: 3, ...ends });
    const ours = await grey(/stage 1 of 3/);
    const saved = studio.page.getByRole("button", { name: "Save picture" });
    const second = studio.page.waitForEvent("download");
    await saved.nth(1).click();
    await (await second).saveAs(join(folder, "pictures", "1.png"));
    const [out, pictures] = [join(folder, "mixed"), join(folder, "pictures")];
    const drawing = ["--steps", "3", "--spacing", "trailing", "--backend", "cpu", "--out", out];
    runCommand("interpolate", join(folder, "bare"), pictures, "--count", "1", "--stages", "3", ...drawing);
    expect(furthest(ours, theirs("mixed", "0.png"))).toBeLessThanOrEqual(1);
    for (const [button, magic] of [
      ["PNG", "\x89PNG"],
      ["GIF of the interpolation", "GIF89a"],
    ] as const) {
      const file = readFileSync(await downloaded(button, button));
      expect(file.subarray(0, magic.length).toString("latin1")).toBe(magic);
    }
  });

  it("starts from a picture: the less strength, the closer", async () => {
    const distance = async (strength: number): Promise<number> => {
      await draw({ model: "bare", task: "edit", picture: { builtIn: "ring" }, strength, steps: 10 });
      const [picture, result] = [await grey(/^the picture: ring/), await grey(/images after step/)];
      return picture.reduce((sum, value, i) => sum + Math.abs(value - result[i]!), 0);
    };
    expect(await distance(0.1)).toBeLessThan(0.7 * (await distance(0.9)));
  });

  it("draws with Fashion-MNIST once it is chosen, and not before", async () => {
    const { page, served } = studio;
    const asked = (): boolean => [...served.asked].some((path) => /fashion.*\.weights$/.test(path));
    await studio.open("sample", { steps: 1, count: 1 });
    await idle();
    expect(asked()).toBe(false);
    await page.getByRole("combobox", { name: "Model" }).selectOption("shipped:fashion");
    expect(await page.locator(".card").first().textContent()).toContain("MIT licence");
    await idle();
    await page.getByRole("img", { name: /images after step/ }).waitFor();
    expect(asked()).toBe(true);
    expect(studio.complaints).toEqual([]);
    expect(studio.foreign).toEqual([]);
  });
});
