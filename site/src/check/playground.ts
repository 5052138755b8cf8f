import type { Browser, Page } from "playwright-core";
import { watch } from "./watch.ts";

/** Milliseconds that one program may take, on a busy machine. */
const LONGEST = 180_000;

/** Runs every program of the playground in its page, and reports those that fail or show nothing. */
export async function runPrograms(browser: Browser, address: string): Promise<string[]> {
  const page = await browser.newPage();
  const { found } = watch(page, new URL(address).origin);
  await page.goto(address);
  const options = page.locator(".playground select option");
  await options.first().waitFor({ state: "attached" });
  const names = await options.evaluateAll((all) => all.map((option) => (option as HTMLOptionElement).value));
  for (const name of names) {
    const result = await runProgram(page, name).catch((error) => `failed: ${error}`);
    console.log(`${name}: ${result}`);
    if (!result.startsWith("done")) found.push(`program ${name}: ${result}`);
  }
  await page.close();
  return found;
}

async function runProgram(page: Page, name: string): Promise<string> {
  await page.locator(".playground select").selectOption(name);
  await page.waitForURL((url) => url.hash === `#${name}`);
  const status = page.locator(".playground-status");
  await status.filter({ hasText: /^$/ }).waitFor({ state: "attached" });
  await page.locator(".playground-run").click();
  await status.filter({ hasText: /^(done|failed)/ }).waitFor({ timeout: LONGEST });
  const output = page.locator(".playground-output");
  const ended = (await status.textContent()) ?? "";
  if (!ended.startsWith("done")) return `failed: ${await output.textContent()}`;
  const pictures = await output
    .locator("img")
    .evaluateAll((all) => all.map((image) => (image as HTMLImageElement).naturalWidth));
  if (pictures.includes(0)) return "failed: a picture does not decode";
  if (pictures.length === 0 && (await output.textContent())?.trim() === "") return "failed: it shows nothing";
  return `${ended}, ${pictures.length} pictures`;
}
