import type { Browser } from "playwright-core";
import { watch } from "./watch.ts";

/** Milliseconds that the first drawing may take, on a busy machine. */
const LONGEST = 120_000;

/** Opens the studio under the site's address: every panel, and the drawing of its first model. */
export async function openStudio(browser: Browser, address: string): Promise<string[]> {
  const page = await browser.newPage();
  const { found } = watch(page, new URL(address).origin);
  try {
    await page.goto(address);
    await page.locator("main h1").waitFor();
    const panels = await page.locator('nav[aria-label="Panels"] a').allInnerTexts();
    if (panels.length === 0) found.push("the studio has no panels");
    for (const panel of panels) {
      await page.getByRole("link", { name: panel, exact: true }).click();
      await page.locator("main h1").waitFor();
      await page.waitForFunction((title) => document.title.startsWith(title), panel);
    }
    // The last panel draws with the model that comes with it.
    await page.getByRole("button", { name: "PNG" }).first().waitFor({ timeout: LONGEST });
  } catch (error) {
    found.push(`studio: ${error}`);
  }
  await page.close();
  return found;
}
