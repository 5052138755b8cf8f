import { mkdirSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type BrowserContext, chromium, type Page } from "playwright-core";
import { expect } from "vitest";
import { CHROMIUM } from "./build.ts";
import { type Served, serve } from "./static-server.ts";

/** Windows that screenshots are taken in. */
const WINDOWS = {
  large: { width: 1280, height: 900 },
  phone: { width: 360, height: 800 },
} as const;

/** The built page in a browser of its own. */
export interface Studio {
  readonly page: Page;
  readonly context: BrowserContext;
  readonly served: Served;
  /** Thrown away in the end. */
  readonly folder: string;
  /** Addresses on other hosts that were asked for. */
  readonly foreign: string[];
  /** Errors that the page or its workers reported. */
  readonly complaints: string[];
  /** Opens a panel with settings, as a link does. */
  open(panel: string, settings?: unknown): Promise<void>;
  /** Takes a backend, as a visitor who chose it before; wasm begins sooner than onnx. */
  take(backend: string): Promise<void>;
  /** Takes pictures of the panel on a phone and on a large window, and expects that nothing sticks out. */
  shoot(name: string): Promise<void>;
  /** A number of the panel by its name. */
  fact(name: string): Promise<string>;
  close(): Promise<void>;
}

/**
 * Serves the page and opens it.
 *
 * @param built folder of the page
 * @param args  more arguments for the browser
 */
export async function openStudio(built: string, args: readonly string[] = []): Promise<Studio> {
  const folder = mkdtempSync(join(tmpdir(), "studio-"));
  // Without a graphics device the browser would emulate one to draw the page, which takes the processor much longer.
  const graphics = args.some((word) => word.includes("webgpu"));
  const shots = process.env.STUDIO_SHOTS ?? join(folder, "shots");
  mkdirSync(shots, { recursive: true });
  const served = await serve(built);
  const context = await chromium.launchPersistentContext(join(folder, "profile"), {
    executablePath: CHROMIUM,
    args: ["--no-sandbox", "--headless=new", ...(graphics ? [] : ["--disable-gpu"]), ...args],
    viewport: WINDOWS.large,
    acceptDownloads: true,
    reducedMotion: "reduce",
  });
  const page = await context.newPage();
  page.setDefaultTimeout(120_000);
  const [foreign, complaints]: [string[], string[]] = [[], []];
  context.on("request", (request) => {
    const url = request.url();
    if (/^https?:/.test(url) && !url.startsWith(served.address)) foreign.push(url);
  });
  page.on("pageerror", (error) => complaints.push(error.message));
  page.on("console", (message) => {
    if (message.type() === "error") complaints.push(message.text());
  });
  return {
    ...{ page, context, served, folder, foreign, complaints },
    async open(panel, settings) {
      const query = settings === undefined ? "" : `?${encodeURIComponent(JSON.stringify(settings))}`;
      await page.goto("about:blank");
      await page.goto(`${served.address}/#${panel}${query}`);
      await page.waitForSelector("h1");
    },
    async take(backend) {
      await page.evaluate((name) => localStorage.setItem("studio.backend", name), backend);
    },
    async shoot(name) {
      for (const [size, viewport] of Object.entries(WINDOWS)) {
        await page.setViewportSize(viewport);
        await page.evaluate(() => scrollTo(0, 0));
        await page.screenshot({ path: join(shots, `${name}-${size}.png`), fullPage: true });
        const over = await page.evaluate(() => document.documentElement.scrollWidth - innerWidth);
        expect(over, `${name} on a ${size} window`).toBeLessThanOrEqual(0);
      }
      await page.setViewportSize(WINDOWS.large);
    },
    async fact(name) {
      const value = page.locator(".facts div", { hasText: name }).locator("dd").first();
      return (await value.textContent()) ?? "";
    },
    async close() {
      await context.close();
      served.close();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}
