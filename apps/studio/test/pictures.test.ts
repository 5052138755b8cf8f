import { describe, expect, inject, it } from "vitest";
import { openStudio } from "./open-studio.ts";

const built = inject("studioPage");

/** The pictures of the README take minutes, and prove nothing that the other tests do not: only on wish. */
const wanted = built && process.env.STUDIO_SHOTS;

const QUIETLY = { timeout: 600_000, interval: 500 };

describe.skipIf(!wanted)("pictures of every panel at work", () => {
  it("are taken", { timeout: 1_500_000 }, async () => {
    const studio = await openStudio(built);
    const { page } = studio;
    const button = (name: string | RegExp) => page.getByRole("button", { name, exact: true });
    const idle = (): Promise<void> => expect.poll(() => button("Draw").isEnabled(), QUIETLY).toBe(true);
    const shoot = async (name: string): Promise<void> => {
      await page.evaluate(() => scrollTo(0, 0));
      await studio.shoot(`readme-${name}`);
    };

    await studio.open("schedules", {
      entries: [{ name: "linear", options: {} }, { name: "cosine" }, { name: "sigmoid" }],
      own: "abar = cos(1.5 * t)^2 * (1 - 0.2 * sin(6 * pi * t) ^ 2 * t)",
      ownShown: true,
    });
    await page.locator(".curve").nth(3).waitFor();
    await shoot("schedules");

    await studio.open("noising", { t: 0.25, schedules: ["linear", "cosine", "sigmoid"] });
    await page.locator("canvas").nth(20).waitFor();
    await shoot("noising");

    await studio.open("points", { set: "moons", until: 150_000 });
    await expect.poll(() => page.locator(".options [role=status]").textContent(), QUIETLY).toBe("trained");
    await shoot("points");

    await studio.open("train", { width: 16, levels: 2, batch: 16, images: 3600, rate: 2e-3 });
    await button("Train").click();
    const status = (): Promise<boolean> => button("Pause").isDisabled();
    await expect.poll(status).toBe(false);
    await expect.poll(status, QUIETLY).toBe(true);
    await shoot("train");

    const samplers = [{ name: "ddim" }, { name: "dpmpp-2m" }];
    await studio.open("sample", { samplers, steps: 12, count: 9 });
    await idle();
    await shoot("sample");

    await studio.open("sample", {
      ...{ model: "shipped:fashion", task: "paint", steps: 30, count: 6, jump: 5, repeats: 3 },
      ...{ picture: { drawn: { seed: 0, number: 5 } } },
    });
    // It begins by itself with the middle of the picture.
    await expect.poll(() => button("Stop").isEnabled(), QUIETLY).toBe(true);
    await button("Stop").click();
    await idle();
    await button("Clear the mask").click();
    await page.getByRole("spinbutton", { name: "Brush, pixels across" }).fill("8");
    await page.keyboard.press("Tab");
    await page.evaluate(() => scrollTo(0, 0));
    const box = (await page.locator("canvas.brush").boundingBox())!;
    const to = (x: number, y: number): Promise<void> =>
      page.mouse.move(box.x + x * box.width, box.y + y * box.height);
    await to(0.1, 0.65);
    await page.mouse.down();
    for (const [x, y] of [
      [0.5, 0.72],
      [0.9, 0.66],
      [0.9, 0.88],
      [0.5, 0.94],
      [0.1, 0.86],
    ] as const)
      await to(x, y);
    await page.mouse.up();
    await button("Redraw this part").click();
    await expect.poll(() => page.locator(".lanes section").textContent(), QUIETLY).toContain("of 130");
    await idle();
    await shoot("paint");

    await studio.open("sample", {
      ...{ model: "shipped:fashion", task: "mix", between: "pictures", steps: 30 },
      ...{ picture: { drawn: { seed: 0, number: 0 } }, other: { drawn: { seed: 0, number: 5 } } },
    });
    await idle();
    await shoot("mix");
    expect(studio.complaints).toEqual([]);
    await studio.close();
  });
});
