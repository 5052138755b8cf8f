import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { beforeAll, describe, expect, test } from "vitest";
import { sides, wholeNumber } from "../src/commands/numbers.ts";
import { dataSettings } from "../src/data/data-settings.ts";
import { beginDrawing, drawingFolder } from "../src/output/drawing-folder.ts";
import { temporaryFolder } from "./support/command.ts";
import { ddpmHere } from "./support/command-here.ts";
import { smallRun } from "./support/small-run.ts";
import { trainHere } from "./support/train-here.ts";

const folder = temporaryFolder();
const at = (...parts: readonly string[]): string => join(folder, ...parts);

describe("the folder of a drawing", () => {
  test("is the same for the same drawing, and the next number for another", async () => {
    const base = at("samples", "ddim");
    const drawn = async (drawing: object): Promise<string> => {
      const path = await drawingFolder({ ...drawing }, { out: undefined, base });
      await beginDrawing(path, { ...drawing });
      return path;
    };
    expect(await drawn({ label: 1 })).toBe(base);
    expect(await drawn({ label: 2 })).toBe(`${base}-2`);
    expect(await drawn({ label: 1 })).toBe(base);
    expect(await drawn({ label: 3 })).toBe(`${base}-3`);
  });

  test.each([
    ["is empty", "", /--out is empty/],
    ["is a file", "file", /file is a file, expected a folder/],
    ["has another drawing", "other", /other has pictures of another drawing\. Give another --out/],
    ["has pictures that no record describes", "pictures", /pictures has pictures of another drawing/],
  ])("is refused as --out where it %s", async (_, name, message) => {
    writeFileSync(at("file"), "");
    await beginDrawing(at("other"), { count: 12 });
    mkdirSync(at("pictures"), { recursive: true });
    writeFileSync(at("pictures", "03.png"), "");
    const asked = drawingFolder({ count: 3 }, { out: name && at(name), base: at("base") });
    await expect(asked).rejects.toThrow(message);
  });

  test("may hold files that no drawing writes", async () => {
    mkdirSync(at("mine mit Ümlaut 写真"), { recursive: true });
    writeFileSync(at("mine mit Ümlaut 写真", "notes.txt"), "");
    const out = at("mine mit Ümlaut 写真");
    expect(await drawingFolder({ count: 3 }, { out, base: at("base") })).toBe(out);
  });
});

describe("words of the command line", () => {
  test.each(["0", "-1", "1.5", "1e9", "", "many", "NaN"])(
    "a count of %j is refused with the range",
    (text) => {
      expect(() => wholeNumber(1, 1000)(text)).toThrow("Expected a whole number from 1 to 1000.");
    },
  );

  test.each([
    ["16", [16, 16]],
    ["16x24", [16, 24]],
    ["[16,24]", [16, 24]],
  ])("a size of %s is %j", (text, size) => expect(sides(text)).toEqual(size));

  test("--set of the data takes lists, with or without data. before", () => {
    expect(dataSettings(["size=[16,24]", "data.fit=stretch"])).toEqual({ size: [16, 24], fit: "stretch" });
    expect(() => dataSettings(["size"])).toThrow(/expected key=value/);
  });
});

describe("ddpm sample", () => {
  const run = at("run");
  const sample = (...words: readonly string[]) =>
    ddpmHere("sample", run, "--steps", "2", "--backend", "wasm", "--json", ...words);
  beforeAll(async () => {
    const denoiser = { ...smallRun.denoiser, classes: 6 };
    const train = { ...smallRun.train, images: 16 };
    const every = { log: 16, samples: 16, checkpoint: 16 };
    expect((await trainHere({ ...smallRun, denoiser, train, every }, run)).code).toBe(0);
  }, 120_000);

  test("keeps earlier samples when something else is drawn, and refuses their folder", async () => {
    const out = ({ events }: Awaited<ReturnType<typeof sample>>): unknown => events.at(-1)?.out;
    const first = await sample("--label", "1", "--count", "5", "--batch", "2");
    expect(first.events.at(-1)).toMatchObject({ event: "done", count: 5 });
    const folderOf = out(first) as string;
    const before = readFileSync(join(folderOf, "4.png"));
    expect(first.events.at(-1)).toMatchObject({ label: { number: 1, name: "square" } });
    const second = await sample("--label", "triangle", "--count", "3");
    expect(out(second)).toBe(`${folderOf}-2`);
    const refused = await sample("--label", "2", "--count", "3", "--out", folderOf);
    expect([refused.code, refused.events.at(-1)?.message]).toEqual([
      2,
      expect.stringMatching(/another drawing/),
    ]);
    expect(readFileSync(join(folderOf, "4.png")).equals(before)).toBe(true);
  }, 120_000);
});
