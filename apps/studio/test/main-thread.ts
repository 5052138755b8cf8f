import { availableParallelism, loadavg } from "node:os";
import type { Page } from "playwright-core";
import { expect } from "vitest";

/**
 * Whether more processes want a processor than there are. The page then waits for as long as the others like,
 * and the clock shows nothing about it: what was measured by the clock is reported, and not tested. What a task computed itself
 * is tested everywhere, see {@link longestTask}.
 */
const crowded = (): boolean => loadavg()[0]! > 1.5 * availableParallelism();

/** No task of the page is longer, and no input is answered later, in milliseconds. */
const TASK = 50;
const ANSWER = 100;

declare global {
  var longTasks: number[];
  var answers: { readonly what: string; readonly milliseconds: number }[];
}

/** Notes every task of the page that takes longer than 50 ms, and how long each input waited for the next picture. */
export async function watchMainThread(page: Page): Promise<void> {
  await page.addInitScript(() => {
    globalThis.longTasks = [];
    globalThis.answers = [];
    new PerformanceObserver((list) => {
      for (const { duration } of list.getEntries()) globalThis.longTasks.push(Math.round(duration));
    }).observe({ type: "longtask" });
    new PerformanceObserver((list) => {
      for (const { name, duration } of list.getEntries())
        globalThis.answers.push({ what: name, milliseconds: duration });
    }).observe({ type: "event", durationThreshold: 16 } as PerformanceObserverInit);
  });
}

/** Forgets what was noted, or expects that there was nothing. */
export async function blocked(page: Page, what: "start" | "none over 50 ms"): Promise<void> {
  const tasks = await page.evaluate(() => globalThis.longTasks.splice(0));
  if (what === "start") return;
  if (!crowded()) expect(tasks.filter((duration) => duration > TASK)).toEqual([]);
  else if (tasks.length > 0) console.warn(`on a busy machine: tasks of ${tasks.join(", ")} ms by the clock`);
}

/**
 * Expects that whatever was typed, clicked and pointed at while `inputs` ran was answered on the screen in time. Chromium
 * measures from the input itself to the next picture, and reports those over 16 ms.
 *
 * @returns the slowest answer in milliseconds; 0 where all were faster than 16
 */
export async function answered(page: Page, inputs: () => Promise<void>): Promise<number> {
  await page.evaluate(() => globalThis.answers.splice(0));
  const before = await page.evaluate(() => (performance as PerformanceWithInputs).eventCounts.get("keydown"));
  await inputs();
  // The report of an input comes after the picture that answers it.
  await page.evaluate(() => new Promise((done) => setTimeout(done, 200)));
  const after = await page.evaluate(() => (performance as PerformanceWithInputs).eventCounts.get("keydown"));
  expect(after, "keys that the browser counted").toBeGreaterThan(before ?? 0);
  const late = await page.evaluate(() => globalThis.answers.splice(0));
  const slow = late.filter(({ milliseconds }) => milliseconds > ANSWER);
  const slowest = Math.max(0, ...late.map(({ milliseconds }) => milliseconds));
  if (!crowded()) expect(slow).toEqual([]);
  else if (slow.length > 0) console.warn(`on a busy machine: an input answered after ${slowest} ms`);
  return slowest;
}

/** An entry of Chromium's trace; times in microseconds, `tdur` what the thread itself computed of `dur`. */
interface TraceEvent {
  readonly ph: string;
  readonly name: string;
  readonly pid: number;
  readonly tid: number;
  readonly dur?: number;
  readonly tdur?: number;
  readonly args: { readonly name?: string };
}

/**
 * Expects that no task of the page computes for longer than 50 ms while `work` runs. Chromium's trace says what the page's
 * thread computed itself, whatever else the machine had to do, so this holds on busy machines, too.
 *
 * @returns the longest task in milliseconds of its own
 */
export async function longestTask(page: Page, work: () => Promise<unknown>): Promise<number> {
  const client = await page.context().newCDPSession(page);
  const events: TraceEvent[] = [];
  client.on("Tracing.dataCollected", ({ value }) => events.push(...(value as unknown as TraceEvent[])));
  const includedCategories = ["toplevel", "__metadata"];
  await client.send("Tracing.start", { transferMode: "ReportEvents", traceConfig: { includedCategories } });
  try {
    await work();
  } finally {
    const complete = new Promise((done) => client.once("Tracing.tracingComplete", done));
    await client.send("Tracing.end");
    await complete;
    await client.detach();
  }
  const keyOf = ({ pid, tid }: TraceEvent): string => `${pid} ${tid}`;
  const named = events.filter(({ name, args }) => name === "thread_name" && args.name === "CrRendererMain");
  const pages = new Set(named.map(keyOf));
  const tasks = events.filter((event) => event.name.endsWith("RunTask") && pages.has(keyOf(event)));
  const times = tasks.flatMap(({ tdur }) => (tdur === undefined ? [] : [tdur / 1000]));
  expect(times.length, "tasks in the trace").toBeGreaterThan(10);
  const longest = Math.max(...times);
  expect(longest, "milliseconds that a task of the page computed").toBeLessThanOrEqual(TASK);
  return longest;
}

/** What newer browsers count. */
interface PerformanceWithInputs {
  readonly eventCounts: ReadonlyMap<string, number>;
}
