import { afterAll, beforeAll, describe, expect, inject, it } from "vitest";
import { openStudio, type Studio } from "./open-studio.ts";

const built = inject("studioPage");

describe.skipIf(!built)("the camera", () => {
  let studio: Studio;
  beforeAll(async () => {
    // A camera that shows a moving disc, and a visitor who allows it.
    const args = ["--use-fake-device-for-media-stream", "--use-fake-ui-for-media-stream"];
    studio = await openStudio(built, args);
  });
  afterAll(() => studio?.close());

  /** The picture that is noised, as bytes. */
  const picture = (): Promise<string> =>
    studio.page
      .locator("canvas")
      .first()
      .evaluate((element) => (element as HTMLCanvasElement).toDataURL());

  it("gives a picture to noise, and is let go", async () => {
    const { page } = studio;
    await studio.open("noising");
    const before = await picture();
    // What the page opens, so that the test sees whether it is closed.
    await page.evaluate(() => {
      const { mediaDevices } = navigator;
      const open = mediaDevices.getUserMedia.bind(mediaDevices);
      mediaDevices.getUserMedia = async (wanted) => {
        const stream = await open(wanted);
        (globalThis as unknown as { lent: MediaStreamTrack[] }).lent = stream.getTracks();
        return stream;
      };
    });
    const states = (): Promise<string[]> =>
      page.evaluate(() =>
        (globalThis as unknown as { lent: MediaStreamTrack[] }).lent.map(({ readyState }) => readyState),
      );
    // By keyboard alone.
    await page.getByRole("button", { name: "Use the camera" }).focus();
    await page.keyboard.press("Enter");
    const take = page.getByRole("button", { name: "Take the picture" });
    await expect.poll(() => take.isEnabled()).toBe(true);
    expect(await states()).toEqual(["live"]);
    await studio.shoot("camera");
    await take.focus();
    await page.keyboard.press("Enter");
    await expect.poll(async () => (await picture()) === before).toBe(false);
    expect(await page.getByRole("combobox", { name: "Picture" }).inputValue()).toBe("own");
    await expect.poll(states).toEqual(["ended"]);
    expect(await page.locator("video").count()).toBe(0);
    const focused = page.locator("button:focus");
    await expect.poll(() => focused.textContent()).toBe("Use the camera");

    await page.getByRole("button", { name: "Use the camera" }).click();
    await expect.poll(() => take.isEnabled()).toBe(true);
    await page.getByRole("link", { name: "Schedules" }).click();
    await expect.poll(states).toEqual(["ended"]);
  });

  it("says why it has none", async () => {
    const { page } = studio;
    await studio.open("noising");
    const message = async (name: string): Promise<string> => {
      await page.evaluate((kind) => {
        navigator.mediaDevices.getUserMedia = () => Promise.reject(new DOMException("no", kind));
      }, name);
      await page.getByRole("button", { name: "Use the camera" }).click();
      return (await page.locator("[role=alert]").textContent()) ?? "";
    };
    expect(await message("NotAllowedError")).toMatch(/was not allowed/);
    await expect.poll(() => message("NotFoundError")).toMatch(/No camera was found/);
    await expect.poll(() => message("NotReadableError")).toMatch(/another program/);
    expect(studio.complaints).toEqual([]);
    expect(studio.foreign).toEqual([]);
  });
});
