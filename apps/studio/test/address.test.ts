import { createHash } from "node:crypto";
import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { gzipSync } from "node:zlib";
import { unzipSync } from "fflate";
import { packTar } from "modern-tar";
import { afterAll, beforeAll, describe, expect, inject, it } from "vitest";
import { IDX, idxFiles } from "./idx-files.ts";
import { openStudio, type Studio } from "./open-studio.ts";
import { type OtherHost, otherHost } from "./other-host.ts";
import { drawLittle, runCommand } from "./run-folder.ts";

const built = inject("studioPage");
/** CIFAR-10 as its archive is published, with one picture in each batch. */
const cifar = gzipSync(
  await packTar(
    [1, 2, 3].map((batch) => {
      const body = new Uint8Array(3073).fill(batch);
      return { header: { name: `cifar-10-batches-bin/data_batch_${batch}.bin`, size: body.length }, body };
    }),
  ),
);
const files: Readonly<Record<string, Uint8Array>> = { ...idxFiles(), "cifar-10-binary.tar.gz": cifar };
const IMAGES = "train-images-idx3-ubyte.gz";
const LABELS = "train-labels-idx1-ubyte.gz";
const sha256 = (bytes: Uint8Array): string => createHash("sha256").update(bytes).digest("hex");

const TINY = { width: 8, levels: 1, parameterization: "eps", batch: 8, images: 32 };

describe.skipIf(!built)("data from an address", () => {
  let studio: Studio;
  let host: OtherHost;
  beforeAll(async () => {
    host = await otherHost(files);
    studio = await openStudio(built);
    // From the second visit on the service worker sends policies for scripts.
    await studio.open("schedules");
    await studio.page.evaluate(() => navigator.serviceWorker.ready);
    await studio.take("wasm");
    await studio.open("train", TINY);
    await studio.page.getByText("From an address").click();
  });
  afterAll(async () => {
    await studio?.close();
    host?.close();
  });

  const load = async (path: string, hash = ""): Promise<void> => {
    const { page } = studio;
    await page.getByLabel("Address of a file").fill(host.address + path);
    await page.getByLabel("SHA-256").fill(hash);
    await page.getByRole("button", { name: "Load", exact: true }).click();
  };
  const status = (): Promise<string> => studio.page.locator(".address [role=status]").innerText();
  const alert = async (): Promise<string> =>
    (await studio.page.locator(".address [role=alert]").allInnerTexts()).join(" ");

  it("says what is wrong, and keeps nothing then", async () => {
    const { page } = studio;
    await load(`/private/${IMAGES}`);
    await expect.poll(alert).toMatch(/CORS.*Access-Control-Allow-Origin/s);
    await load("/nothing.gz");
    await expect.poll(alert).toMatch(/There is nothing at .*nothing\.gz \(404\)/);
    await load(`/${IMAGES}`, "0".repeat(64));
    await expect.poll(alert).toContain(`its SHA-256 is ${sha256(files[IMAGES]!)}`);
    await load("/large");
    await expect.poll(alert).toMatch(/300 MB or more; at most 256 MB/);
    await studio.context.setOffline(true);
    await load(`/${IMAGES}`);
    await expect.poll(alert).toContain("There is no network.");
    await studio.context.setOffline(false);
    await load("/endless");
    await expect.poll(status).toMatch(/\d k?B/);
    await page.getByRole("button", { name: "Stop", exact: true }).click();
    await expect.poll(status).toBe("");
    expect(await page.getByRole("list", { name: "Files stored" }).count()).toBe(0);
    // Chromium reports answers that are no files, and those that it may not show.
    for (const complaint of studio.complaints.splice(0)) expect(complaint).toMatch(/CORS|404|net::/);
  });

  it("trains on images and labels from an address, and resumes after a reload without another request", async () => {
    const { page } = studio;
    await load(`/${IMAGES}`, sha256(files[IMAGES]!).toUpperCase());
    await expect.poll(status).toContain(`loaded. Its SHA-256 is ${sha256(files[IMAGES]!)}`);
    const facts = page.locator(".drop > .numbers");
    await expect.poll(() => facts.textContent()).toBe(`96 images of 12 × 12 in grey`);
    expect(await page.getByRole("spinbutton", { name: "Image side" }).inputValue()).toBe("12");
    await load(`/${LABELS}`);
    await expect
      .poll(() => facts.textContent())
      .toBe(`96 images of 12 × 12 in grey in ${IDX.classes} classes`);
    await studio.shoot("train-address");
    const asked = host.asked.length;
    await load(`/${LABELS}`);
    await expect.poll(status).toMatch(/was already stored/);

    await page.getByRole("button", { name: "Train", exact: true }).click();
    const entry = page.locator("section[aria-label=Runs] .entry");
    await expect.poll(() => entry.allInnerTexts()).toEqual([expect.stringMatching(/32 of 32 images/)]);
    await page.reload();
    await page.getByRole("button", { name: "Train as long again" }).click();
    await expect.poll(() => entry.allInnerTexts()).toEqual([expect.stringMatching(/64 of 64 images/)]);
    expect(host.asked.slice(asked)).toEqual([]);
    expect(await page.getByText("not here").count()).toBe(0);
  });

  it("exports a run on files that the command resumes, given their path", async () => {
    const saved = studio.page.waitForEvent("download");
    await studio.page.getByRole("button", { name: "Download" }).click();
    for (const [path, bytes] of Object.entries(unzipSync(readFileSync(await (await saved).path())))) {
      mkdirSync(dirname(join(studio.folder, path)), { recursive: true });
      writeFileSync(join(studio.folder, path), bytes);
    }
    const run = join(studio.folder, "files");
    drawLittle(run);
    const data = join(studio.folder, "stripes");
    mkdirSync(data);
    for (const name of [IMAGES, LABELS]) writeFileSync(join(data, name), files[name]!);
    runCommand("train", "--resume", "--out", run, "--data", data, "--images", "72", "--backend", "onnx");
    expect(readFileSync(join(run, "checkpoints", "latest"), "utf8").trim()).toMatch(/^0+72$/);
  });

  it("opens CIFAR as published, a gzipped TAR, in place of the files before", async () => {
    await studio.page.getByText("From an address").click();
    await load("/cifar-10-binary.tar.gz");
    const facts = studio.page.locator(".drop > .numbers");
    await expect.poll(() => facts.textContent()).toBe("3 images of 32 × 32 in 10 classes");
    expect(await studio.page.getByRole("spinbutton", { name: "Image side" }).inputValue()).toBe("32");
  });

  it("is the only way to another host: the page and its computing worker are refused", async () => {
    const { page } = studio;
    const asked = host.asked.length;
    const url = `${host.address}/${IMAGES}`;
    const ask = (address: string): Promise<string> => fetch(address).then(() => "answered", String);
    expect(await page.evaluate(ask, url)).toMatch(/TypeError/);
    const engine = page.workers().find((worker) => /\/worker-/.test(worker.url()));
    expect(await engine!.evaluate(ask, url)).toMatch(/TypeError/);
    expect(page.workers().filter((worker) => /\/download-/.test(worker.url()))).toEqual([]);
    expect(host.asked.slice(asked)).toEqual([]);
    for (const complaint of studio.complaints.splice(0))
      expect(complaint).toContain("Content Security Policy");
    const others = studio.foreign.filter((address) => !address.startsWith(host.address));
    expect(others).toEqual([]);
  });
});
