import { gzipSync } from "node:zlib";
import type { Browser, Page } from "playwright-core";
import { watch } from "./watch.ts";

/** What a page did wrong: errors, and requests to other hosts. */
export type Complaints = readonly string[];

/** Widths of a phone and of a desk's window, in pixels. */
const WIDTHS = [390, 1280];

/** Opens every page once, and looks at each of its interactive pictures. */
export async function visitAll(
  browser: Browser,
  addresses: readonly string[],
  origin: string,
): Promise<Complaints> {
  const rest = [...addresses];
  const complaints: string[] = [];
  const worker = async (): Promise<void> => {
    const page = await browser.newPage();
    for (let address = rest.pop(); address; address = rest.pop()) {
      complaints.push(...(await visit(page, address, origin)));
    }
    await page.close();
  };
  await Promise.all([worker(), worker()]);
  return complaints;
}

async function visit(page: Page, address: string, origin: string): Promise<string[]> {
  const { found, end } = watch(page, origin);
  const note = (text: string): void => void found.push(`${address.slice(origin.length)}: ${text}`);
  try {
    await page.goto(address, { waitUntil: "load" });
    for (const picture of await page.locator(".picture").all()) {
      await picture.scrollIntoViewIfNeeded();
      await picture.and(page.locator("[data-ready]")).waitFor({ timeout: 60_000 });
    }
    for (const width of WIDTHS) {
      await page.setViewportSize({ width, height: 800 });
      const over = await page.evaluate(() => document.documentElement.scrollWidth - innerWidth);
      if (over > 0) note(`is ${over} pixels wider than a window of ${width}`);
    }
  } catch (error) {
    note(String(error));
  }
  end();
  return found;
}

/** Bytes of a page's first load. */
export interface Weight {
  readonly bytes: number;
  /** As a host sends them: text compressed with gzip. */
  readonly sent: number;
  readonly files: number;
}

/** Loads a page with an empty cache, and adds up everything that it asks for until the network is idle. */
export async function weigh(browser: Browser, address: string): Promise<Weight> {
  const context = await browser.newContext();
  const page = await context.newPage();
  const bodies: Promise<Buffer>[] = [];
  page.on("response", (response) => bodies.push(response.body().catch(() => Buffer.alloc(0))));
  await page.goto(address, { waitUntil: "networkidle" });
  const loaded = await Promise.all(bodies);
  await context.close();
  const sum = (sizes: readonly number[]): number => sizes.reduce((a, b) => a + b, 0);
  return {
    bytes: sum(loaded.map(({ length }) => length)),
    sent: sum(loaded.map((body) => Math.min(body.length, gzipSync(body).length))),
    files: loaded.length,
  };
}
