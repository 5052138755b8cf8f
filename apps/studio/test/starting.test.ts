import { afterAll, beforeAll, expect, inject, it } from "vitest";
import { openStudio, type Studio } from "./open-studio.ts";

const built = inject("studioPage");

const parameters = async (): Promise<number> =>
  Number((await studio.fact("parameters")).replaceAll(",", "").replace("…", "0"));

let studio: Studio;
beforeAll(async () => {
  if (built) studio = await openStudio(built);
});
afterAll(() => studio?.close());

it.skipIf(!built)(
  "a backend that is long in coming is not disturbed by what the page asks meanwhile",
  async () => {
    const { page, served } = studio;
    let release = (): void => {};
    served.hold(".wasm", new Promise((resolve) => (release = resolve)));
    await studio.open("schedules");
    await studio.take("wasm");
    await studio.open("train", { width: 8, levels: 1 });
    const backend = page.locator("details.backend");
    await expect.poll(parameters).toBeGreaterThan(0);
    const before = await parameters();
    await backend.locator("summary").click();
    await backend.getByRole("button", { name: "Start it" }).click();
    await expect.poll(() => [...served.asked].some((path) => path.endsWith(".wasm"))).toBe(true);
    const width = page.getByRole("spinbutton", { name: "Width" });
    await width.fill("16");
    await width.press("Enter");
    await page.waitForTimeout(500);
    expect(await parameters()).toBe(before);
    release();
    await expect.poll(parameters).toBeGreaterThan(before);
    await expect.poll(() => backend.locator(".popover").innerText()).toContain("wasm: WebAssembly");
    expect(studio.complaints).toEqual([]);
  },
);
