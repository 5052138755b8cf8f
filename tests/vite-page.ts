/// <reference lib="dom" />
import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { chromium } from "playwright-core";
import { build, preview } from "vite";

/** The browser; undefined where there is none. */
export const CHROMIUM: string = process.env.CHROMIUM ?? "/usr/bin/chromium";

/** Writes a program as a Vite page of its own in a project, and builds it. */
export async function buildPage(folder: string, program: string): Promise<void> {
  mkdirSync(folder);
  writeFileSync(join(folder, "program.ts"), program);
  writeFileSync(
    join(folder, "index.html"),
    '<!doctype html><title>page</title><link rel="icon" href="data:," /><script type="module" src="./program.ts"></script>',
  );
  await build({ root: folder, configFile: false, logLevel: "error", build: { target: "es2022" } });
}

/** An image on a page: its width and height, and how many different values its bytes have. */
export interface ShownImage {
  readonly width: number;
  readonly height: number;
  readonly values: number;
}

/** What is done with a page before it shows its image. */
export interface PageUse {
  /** Comes after the page's address, e.g. `?images=32`. */
  readonly path?: string;
  /** Selector of what is pressed first. */
  readonly press?: string;
}

/** {@link shownImageAt} a page that Vite built, served for as long as that takes. */
export async function shownImage(folder: string, timeout: number, use: PageUse = {}): Promise<ShownImage> {
  const server = await preview({ root: folder, configFile: false, logLevel: "error", preview: { port: 0 } });
  try {
    return await shownImageAt(server.resolvedUrls!.local[0]!, timeout, use);
  } finally {
    await server.close();
  }
}

/**
 * Opens a page, and waits for the image that its program shows.
 *
 * @throws with what the page reported, where no image comes
 */
export async function shownImageAt(address: string, timeout: number, use: PageUse = {}): Promise<ShownImage> {
  const browser = await chromium.launch({ executablePath: CHROMIUM, args: ["--no-sandbox"] });
  const reported: string[] = [];
  try {
    const page = await browser.newPage();
    page.on("pageerror", ({ message }) => reported.push(message));
    page.on("console", (message) => reported.push(message.text()));
    await page.goto(`${address}${use.path ?? ""}`);
    if (use.press !== undefined) await page.locator(use.press).click();
    const image = page.locator("img[src]");
    await image.waitFor({ state: "attached", timeout }).catch((cause: unknown) => {
      throw new Error(`no image came; the page reported:\n${reported.join("\n")}`, { cause });
    });
    return await image.evaluate(async (element) => {
      const shown = element as HTMLImageElement;
      await shown.decode();
      const { naturalWidth: width, naturalHeight: height } = shown;
      const context = new OffscreenCanvas(width, height).getContext("2d")!;
      context.drawImage(shown, 0, 0);
      return { width, height, values: new Set(context.getImageData(0, 0, width, height).data).size };
    });
  } finally {
    await browser.close();
  }
}
