import "@tensorflow/tfjs";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { parseRun } from "@ddpm/runs";
import { describe, expect, test } from "vitest";
import { contactSheet } from "../src/data/contact-sheet.ts";
import { checkLater } from "../src/run/check-data.ts";
import { temporaryFolder } from "./support/command.ts";
import { smallRun } from "./support/small-run.ts";

const folder = temporaryFolder();
const run = (data: object, denoiser: object = {}) =>
  parseRun({ ...smallRun, data, denoiser: { ...smallRun.denoiser, ...denoiser } }, "test");

/** A .npy file of bytes, version 1. */
function npy(path: string, shape: readonly number[]): string {
  const text = `{'descr': '|u1', 'fortran_order': False, 'shape': (${shape.join(", ")}), }`;
  const header = `${text.padEnd(117)}\n`;
  const start = Buffer.from([0x93, ...Buffer.from("NUMPY"), 1, 0, header.length, 0]);
  const pixels = Buffer.alloc(
    shape.reduce((product, length) => product * length, 1),
    9,
  );
  writeFileSync(path, Buffer.concat([start, Buffer.from(header), pixels]));
  return path;
}

describe("before a run begins", () => {
  const shapes = { source: "shapes", size: 16, count: 60 };

  test("labels that the network has classes for are taken", async () => {
    const { denoiser } = await checkLater(run(shapes, { classes: 6 }));
    expect(denoiser.classes).toBe(6);
  });

  test("labels that it has no classes for are refused", async () => {
    await expect(checkLater(run(shapes, { classes: 2 }))).rejects.toThrow(/labels up to \d.*takes 0 to 1/);
  });

  test("images without labels are refused for a network with classes, and taken without", async () => {
    const source = npy(join(folder, "grey.npy"), [4, 16, 16]);
    await expect(checkLater(run({ source }, { classes: 2 }))).rejects.toThrow("the images have none");
    expect((await checkLater(run({ source }))).denoiser.channels).toBe(1);
  });

  test("channels that no picture has are refused, also on the contact sheet", async () => {
    const source = npy(join(folder, "two.npy"), [4, 16, 16, 2]);
    await expect(checkLater(run({ source }))).rejects.toThrow("Got 2 channels");
    await expect(contactSheet(source, { format: "npy" }, 4)).rejects.toThrow("Got 2 channels");
    expect(
      (await checkLater(run({ source: npy(join(folder, "four.npy"), [4, 16, 16, 4]) }))).denoiser.channels,
    ).toBe(4);
  });
});
