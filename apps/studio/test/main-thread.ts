import { availableParallelism, loadavg } from "node:os";
import type { Page } from "playwright-core";
import { expect } from "vitest";

/** Where others compute as well, a task is also interrupted: then only what a visitor would feel counts. */
const busy = loadavg()[0]! > 1.5 * availableParallelism();
const LONGEST = busy ? 400 : 50;

declare global {
  var longTasks: number[];
}

/** Notes every task of the page that takes longer than 50 ms. */
export async function watchMainThread(page: Page): Promise<void> {
  await page.addInitScript(() => {
    globalThis.longTasks = [];
    new PerformanceObserver((list) => {
      for (const { duration } of list.getEntries()) globalThis.longTasks.push(Math.round(duration));
    }).observe({ type: "longtask" });
  });
}

/** Forgets what was noted, or expects that there was nothing. */
export async function blocked(page: Page, what: "start" | "none over 50 ms"): Promise<void> {
  const tasks = await page.evaluate(() => globalThis.longTasks.splice(0));
  if (what === "start") return;
  if (busy && tasks.length > 0) console.warn(`on a busy machine: tasks of ${tasks.join(", ")} ms`);
  expect(tasks.filter((duration) => duration > LONGEST)).toEqual([]);
}
