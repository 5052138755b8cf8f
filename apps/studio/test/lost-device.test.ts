import type { Worker } from "playwright-core";
import { afterAll, beforeAll, expect, inject, it } from "vitest";
import { openStudio, type Studio } from "./open-studio.ts";

const built = inject("studioPage");

const TINY = { width: 8, levels: 1, batch: 8, images: 384, labelled: false, parameterization: "eps" };

let studio: Studio;
beforeAll(async () => {
  if (built) studio = await openStudio(built, ["--enable-unsafe-webgpu", "--use-webgpu-adapter=swiftshader"]);
});
afterAll(() => studio?.close());

const button = (name: string) => studio.page.getByRole("button", { name, exact: true });
const saved = async (): Promise<number> => Number((await studio.fact("saved at")).replace("–", "0"));
const started = async (): Promise<string> =>
  (await studio.page.locator(".backend .popover").textContent()) ?? "";
const alerts = (): Promise<string[]> => studio.page.locator("main [role=alert]").allInnerTexts();
const engine = async (): Promise<Worker> => {
  const find = (): Worker | undefined => studio.page.workers().find((one) => /\/worker-/.test(one.url()));
  await expect.poll(() => find() !== undefined).toBe(true);
  return find()!;
};

/** Lets the worker's device be lost with the third work that it is given. */
function loseDevice(): void {
  let [device, works]: [GPUDevice | undefined, number] = [undefined, 0];
  const { requestDevice } = GPUAdapter.prototype;
  GPUAdapter.prototype.requestDevice = async function (wishes) {
    device = await requestDevice.call(this, wishes);
    return device;
  };
  const { submit } = GPUQueue.prototype;
  GPUQueue.prototype.submit = function (buffers) {
    if (++works === 3) device!.destroy();
    submit.call(this, buffers);
  };
}

it.skipIf(!built)(
  "a graphics device that is lost ends the training with an alert; the run resumes from its checkpoint, with or without a reload",
  async () => {
    const { page } = studio;
    await studio.open("schedules");
    await studio.take("wasm");
    await studio.open("train", TINY);
    await button("Train").click();
    await expect.poll(saved).toBeGreaterThan(0);
    await button("Pause").click();
    await expect.poll(() => button("Resume").isEnabled()).toBe(true);
    const kept = await saved();

    await studio.take("webgpu");
    await page.reload();
    await (await engine()).evaluate(loseDevice);
    await button("Resume").click();
    await expect
      .poll(alerts)
      .toEqual([expect.stringMatching(/device was lost.*Try again.*last checkpoint/s)]);
    await studio.shoot("lost-device");
    const entry = page.locator("section[aria-label=Runs] .entry");
    await expect.poll(() => entry.allInnerTexts()).toEqual([expect.stringContaining(`${kept} of 384`)]);

    await button("Resume").click();
    await expect.poll(started).toMatch(/webgpu: \S/);
    expect(await alerts()).toEqual([]);

    await studio.take("wasm");
    await page.reload();
    await button("Resume").click();
    await expect.poll(saved).toBeGreaterThan(kept);
    expect(studio.complaints).toEqual([]);
  },
);
