import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { brotliCompressSync } from "node:zlib";
import { decode } from "fast-png";
import { unzipSync, zipSync } from "fflate";
import { type BrowserContext, chromium, type Page } from "playwright-core";
import { afterAll, beforeAll, describe, expect, inject, it } from "vitest";
import { CHROMIUM } from "./build.ts";
import { furthest, middleOf } from "./compare.ts";
import { blocked, longestTask, watchMainThread } from "./main-thread.ts";
import { drawLittle, filesOf, runCommand } from "./run-folder.ts";
import { type Served, serve } from "./static-server.ts";

const built = inject("studioPage");

/** Windows that screenshots are taken in. */
const LARGE = { width: 1280, height: 900 };
const PHONE = { width: 390, height: 844 };

const TINY = {
  size: 16,
  width: 8,
  levels: 1,
  labelled: false,
  parameterization: "eps",
  batch: 8,
  rate: 4e-3,
  images: 1024,
};

describe.skipIf(!built)("the built page", () => {
  const folder = mkdtempSync(join(tmpdir(), "studio-"));
  /** A folder that is thrown away, unless STUDIO_SHOTS names one. */
  const shots = process.env.STUDIO_SHOTS ?? join(folder, "shots");
  const complaints: string[] = [];
  const foreign: string[] = [];
  let [context, served, page]: [BrowserContext?, Served?, Page?] = [];

  /** Opens a panel with settings, as a link does. */
  const open = async (panel: string, settings?: unknown): Promise<Page> => {
    const query = settings === undefined ? "" : `?${encodeURIComponent(JSON.stringify(settings))}`;
    await page!.goto("about:blank");
    await page!.goto(`${served!.address}/#${panel}${query}`);
    await page!.waitForSelector("h1");
    return page!;
  };
  const shoot = async (name: string): Promise<void> => {
    for (const [size, viewport] of Object.entries({ large: LARGE, phone: PHONE })) {
      await page!.setViewportSize(viewport);
      await page!.screenshot({ path: join(shots, `${name}-${size}.png`), fullPage: true });
      const over = await page!.evaluate(() => document.documentElement.scrollWidth - innerWidth);
      expect(over, `${name} on a ${size} screen`).toBeLessThanOrEqual(0);
    }
    await page!.setViewportSize(LARGE);
  };
  const fact = async (name: string): Promise<string> => {
    const value = page!.locator(".facts div", { hasText: name }).locator("dd").first();
    return (await value.textContent()) ?? "";
  };

  /** The first picture on the page, red, green, blue. */
  const pixels = (): Promise<number[]> =>
    page!
      .locator("canvas.picture")
      .first()
      .evaluate((element) => {
        const canvas = element as HTMLCanvasElement;
        const { data } = canvas.getContext("2d")!.getImageData(0, 0, canvas.width, canvas.height);
        return [...data].filter((_, i) => i % 4 < 3);
      });

  beforeAll(async () => {
    mkdirSync(shots, { recursive: true });
    served = await serve(built);
    context = await chromium.launchPersistentContext(join(folder, "profile"), {
      executablePath: CHROMIUM,
      args: ["--no-sandbox", "--headless=new", "--enable-unsafe-webgpu", "--use-webgpu-adapter=swiftshader"],
      viewport: LARGE,
      acceptDownloads: true,
      reducedMotion: "reduce",
    });
    page = await context.newPage();
    page.setDefaultTimeout(120_000);
    page.on("request", (request) => {
      if (/^https?:/.test(request.url()) && !request.url().startsWith(served!.address))
        foreign.push(request.url());
    });
    page.on("pageerror", (error) => complaints.push(error.message));
    page.on("console", (message) => {
      if (message.type() === "error") complaints.push(message.text());
    });
    await watchMainThread(page);
  }, 300_000);

  afterAll(async () => {
    await context?.close();
    served?.close();
    rmSync(folder, { recursive: true, force: true });
  });

  it("loads less than a megabyte, and no runtime", async () => {
    await open("schedules");
    await page!.waitForLoadState("networkidle");
    const loaded = [...served!.asked].map((path) => join(built, path === "/" ? "index.html" : path));
    const bytes = loaded.filter(existsSync).map((file) => brotliCompressSync(readFileSync(file)).length);
    expect(bytes.reduce((a, b) => a + b, 0)).toBeLessThan(1_000_000);
    expect([...served!.asked].filter((path) => /\.wasm$|\.mjs$|\.weights$/.test(path))).toEqual([]);
  });

  it("shows schedules, warns of signal that is left, and takes a formula", async () => {
    const entries = [{ name: "linear", options: { steps: 300 } }, { name: "cosine" }];
    await open("schedules", { entries });
    const curves = page!.locator(".plot").first().locator(".curve");
    expect(await curves.count()).toBe(2);
    expect(await page!.locator(".notice").allTextContents()).toEqual([
      expect.stringMatching(/^linear: At t = 1 the share 0\.0\d+ of signal power is left/),
    ]);
    await page!.getByText("custom", { exact: true }).click();
    await expect.poll(() => curves.count()).toBe(3);
    await page!.locator("textarea").fill("beta = 0.02 * t + (");
    await expect.poll(() => page!.locator("[role=alert]").textContent()).toMatch(/missing at the end/);
    await page!.locator("textarea").fill("beta = 1e-4 + 0.02 * t");
    await expect.poll(() => curves.count()).toBe(3);
    await expect.poll(() => page!.url()).toContain(encodeURIComponent("beta = 1e-4 + 0.02 * t"));
    await shoot("schedules");
  });

  it("noises a picture: nothing at t = 0, and a file of the visitor", async () => {
    await open("noising", { t: 0, schedules: ["linear", "cosine"] });
    const canvas = (index: number): Promise<string> =>
      page!
        .locator("canvas")
        .nth(index)
        .evaluate((element) => (element as HTMLCanvasElement).toDataURL());
    expect(await canvas(2)).toBe(await canvas(0));
    await page!.getByRole("spinbutton", { name: "t, as a number" }).fill("0.3");
    await page!.keyboard.press("Tab");
    await expect.poll(async () => (await canvas(2)) === (await canvas(0))).toBe(false);
    await shoot("noising");
    const before = await canvas(0);
    await page!.locator("input[type=file]").setInputFiles(join(shots, "schedules-phone.png"));
    await expect.poll(async () => (await canvas(0)) === before).toBe(false);
  });

  it("learns points by itself, and shows where noise flows", async () => {
    await open("points", {
      set: "moons",
      parameterization: "eps",
      width: 32,
      layers: 2,
      until: 24_000,
      steps: 8,
    });
    await expect.poll(() => page!.locator(".options [role=status]").textContent()).toBe("trained");
    const label = await page!.locator(".plot svg").getAttribute("aria-label");
    const [, first, last] = /smoothed from ([\d.]+) to ([\d.]+)/.exec(label!)!;
    expect(Number(last)).toBeLessThan(0.85 * Number(first));
    expect(await page!.locator(".backend").textContent()).toContain("onnx");
    await shoot("points");
  });

  it("trains pictures until the loss has halved while the page stays awake, and resumes after a reload", async () => {
    await open("train", TINY);
    await page!.getByRole("button", { name: "Train", exact: true }).click();
    await expect.poll(() => fact("loss, smoothed")).toMatch(/\d/);
    await blocked(page!, "start");
    const first = Number(await fact("loss, smoothed"));
    await longestTask(page!, () =>
      expect
        .poll(async () => Number(await fact("loss, smoothed")), { interval: 300 })
        .toBeLessThan(first / 2),
    );
    await blocked(page!, "none over 50 ms");
    await page!.getByRole("button", { name: "Pause" }).click();
    await expect.poll(() => fact("saved at")).toMatch(/\d/);
    await expect
      .poll(() => page!.getByRole("button", { name: /Resume|as long again/ }).isEnabled())
      .toBe(true);
    await shoot("train");

    await page!.reload();
    const run = page!.locator("section[aria-label=Runs] .entry");
    await run.first().waitFor();
    const seen = Number(/(\d+) of/.exec((await run.first().textContent()) ?? "")?.[1]);
    expect(seen).toBeGreaterThan(0);
    await page!.getByRole("button", { name: /Resume|as long again/ }).click();
    await expect
      .poll(async () => Number(/^\d+/.exec(await fact("images seen"))?.[0] ?? 0))
      .toBeGreaterThan(seen);
    await page!.getByRole("button", { name: "Pause" }).click();
    await expect.poll(() => page!.getByRole("button", { name: "Pause" }).isDisabled()).toBe(true);
  });

  it("hands back a run that the command samples from, and takes it in again", async () => {
    await open("train");
    const saved = page!.waitForEvent("download");
    await page!.getByRole("button", { name: "Download" }).first().click();
    const zip = join(folder, "run.zip");
    await (await saved).saveAs(zip);
    for (const [path, bytes] of Object.entries(unzipSync(readFileSync(zip)))) {
      mkdirSync(dirname(join(folder, path)), { recursive: true });
      writeFileSync(join(folder, path), bytes);
    }
    const run = join(folder, "shapes");
    drawLittle(run);
    const out = join(folder, "drawn");
    const more = String(Number(readFileSync(join(run, "checkpoints", "latest"), "utf8")) + 16);
    runCommand("train", "--resume", "--out", run, "--images", more, "--backend", "onnx");
    runCommand("sample", run, "--count", "1", "--steps", "2", "--out", out, "--backend", "cpu");
    const theirs = decode(readFileSync(join(out, "grid.png")));

    writeFileSync(zip, zipSync(filesOf(run)));
    await page!.locator("section[aria-label=Runs] input[type=file]").setInputFiles(zip);
    await expect.poll(() => page!.locator("section[aria-label=Runs] .entry").count()).toBe(2);
    await open("sample", { model: "shapes-2", steps: 2, count: 1 });
    await page!.getByRole("option", { name: "run shapes-2" }).waitFor({ state: "attached" });
    await page!.getByRole("button", { name: "Draw" }).click();
    await page!.locator(".lanes section").waitFor();
    await expect.poll(() => page!.getByRole("button", { name: "Draw" }).isEnabled()).toBe(true);
    expect(furthest(await pixels(), middleOf(theirs))).toBeLessThanOrEqual(1);
  });

  it("samples side by side from the same noise, and saves what it drew", async () => {
    const samplers = [{ name: "ddim" }, { name: "dpmpp-2m" }];
    await open("sample", { samplers, steps: 4, count: 4, guidance: 1 });
    await expect.poll(() => page!.getByRole("button", { name: "Draw" }).isEnabled()).toBe(true);
    const lanes = await page!.locator(".lanes section").allTextContents();
    expect(lanes[0]).toContain("step 4 of 4 · 4 calls");
    expect(lanes[1]).toMatch(/step 4 of 4 · 4 calls/);
    await shoot("sample");
    for (const [format, magic] of [
      ["PNG", "\x89PNG"],
      ["GIF", "GIF89a"],
    ] as const) {
      const download = page!.waitForEvent("download");
      await page!.getByRole("button", { name: format }).first().click();
      const file = readFileSync(await (await download).path());
      expect(file.subarray(0, magic.length).toString("latin1")).toBe(magic);
    }
  });

  it("draws the same picture on every backend", async () => {
    const drawn: number[][] = [];
    for (const backend of ["onnx", "wasm", "webgpu"]) {
      await page!.evaluate((name) => localStorage.setItem("studio.backend", name), backend);
      await open("sample", { steps: 2, count: 1, guidance: 1 });
      const idle = (): Promise<boolean> => page!.getByRole("button", { name: "Draw" }).isEnabled();
      await expect.poll(idle).toBe(true);
      expect(await page!.locator(".backend strong").first().textContent()).toBe(backend);
      drawn.push(await pixels());
    }
    const [first, ...others] = drawn;
    expect(first!.length).toBe(16 * 16 * 3);
    for (const other of others) {
      expect(furthest(other, first!)).toBeLessThanOrEqual(1);
    }
    await page!.evaluate(() => localStorage.removeItem("studio.backend"));
  });

  it("greets with pictures from noise, without a network once it was used", async () => {
    await context!.setOffline(true);
    await open("schedules");
    expect(await page!.locator(".curve").count()).toBeGreaterThan(0);
    await page!.goto("about:blank");
    await page!.goto(served!.address);
    expect(await page!.locator("h1").textContent()).toBe("From noise to pictures");
    await page!.locator(".lanes section").waitFor();
    await context!.setOffline(false);
  });

  it("asked no other host, and complained of nothing", () => {
    expect(foreign).toEqual([]);
    expect(complaints).toEqual([]);
  });
});
