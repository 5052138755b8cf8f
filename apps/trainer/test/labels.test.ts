import { cpSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { loadCheckpoint, parseRun, saveCheckpoint } from "@ddpm/runs";
import { renamedClasses } from "@ddpm/runs/authoring";
import { fsStorage } from "@ddpm/runs/node";
import { disposeState } from "@ddpm/trainer";
import sharp from "sharp";
import { beforeAll, describe, expect, test } from "vitest";
import { checkLabel, classesOf, classFields, ofClasses } from "../src/drawing/labels.ts";
import { openModel } from "../src/drawing/open-model.ts";
import type { ReportedEvent, Reporter } from "../src/output/reporter.ts";
import { runFolder } from "../src/run/folder.ts";
import { tellPlan } from "../src/run/plan.ts";
import { prepare } from "../src/run/prepare.ts";
import { temporaryFolder } from "./support/command.ts";
import { smallRun } from "./support/small-run.ts";
import { trainHere } from "./support/train-here.ts";

const folder = temporaryFolder();

/** A folder of 8 × 8 images per name, grey 20 times the name's number. */
async function classFolders(set: string, names: readonly string[]): Promise<string> {
  for (const name of names) {
    mkdirSync(join(folder, set, name), { recursive: true });
    const background = Array.from("rgb", (channel) => [channel, 20 * Number(name)]);
    const create = { width: 8, height: 8, channels: 3, background: Object.fromEntries(background) } as const;
    await sharp({ create })
      .png()
      .toFile(join(folder, set, name, "x.png"));
  }
  return join(folder, set);
}

/** A training of one update, and reporters that keep what they receive. */
const oneUpdate = (source: string, data: object = {}): object => ({
  ...smallRun,
  data: { source, ...data },
  denoiser: { ...smallRun.denoiser, multipliers: [1], dropout: 0, classes: 12 },
  train: { ...smallRun.train, images: 8 },
  sample: { steps: 1, count: 1, strip: 1, stages: 2 },
  every: { log: 8, samples: 64, checkpoint: 8 },
});

function listener(): { reporter: Reporter; lines: string[]; events: ReportedEvent[] } {
  const lines: string[] = [];
  const events: ReportedEvent[] = [];
  const reporter: Reporter = {
    say: (text) => lines.push(text),
    preview() {},
    progress() {},
    event(event, text = "") {
      events.push(event);
      lines.push(text);
    },
    close() {},
  };
  return { reporter, lines, events };
}

const classNamesAt = (run: string, images: number): unknown =>
  JSON.parse(readFileSync(join(run, "checkpoints", String(images).padStart(12, "0"), "state.json"), "utf8"))
    .meta.classNames;

describe("--label", () => {
  const named = { run: "runs/pets", classes: 4, meta: { classNames: ["cat", "dog, hound", "2", "cow"] } };
  const unnamed = { run: "runs/imported", classes: 4, meta: {} };

  test.each([
    ["cow", [{ number: 3, name: "cow" }]],
    ["hound", [{ number: 1, name: "dog, hound" }]],
    ["dog, hound", [{ number: 1, name: "dog, hound" }]],
    ["0", [{ number: 0, name: "cat" }]],
    [
      "cow, 0",
      [
        { number: 3, name: "cow" },
        { number: 0, name: "cat" },
      ],
    ],
  ])("%s is the class of that name or number", (label, classes) => {
    expect(classesOf("sample", label, named)).toEqual(classes);
  });

  test("takes numbers alone where a run keeps no names", () => {
    expect(classesOf("sample", "3,0", unnamed)).toEqual([{ number: 3 }, { number: 0 }]);
    expect(() => classesOf("sample", "cat", unnamed)).toThrow(
      /--label cat: runs\/imported has no class "cat" \(its classes have no names\), expected a number from 0 to 3\. Imported runs/,
    );
  });

  test.each([
    [
      "hounds",
      /--label hounds: runs\/pets has no class "hounds", expected one of cat; dog, hound; 2; cow, or a number from 0 to 3\. Did you mean "hound"/,
    ],
    ["4", /has no class "4"/],
    ["-1", /has no class "-1"/],
    ["1,", /has no class ""/],
  ])("%s is refused with the classes that there are", (label, message) => {
    expect(() => classesOf("sample", label, named)).toThrow(message);
  });

  test("means a class that the network takes", () => {
    expect(() => classesOf("sample", "cow", { ...named, classes: 2 })).toThrow(
      /expected one of cat; dog, hound, or/,
    );
    expect(classesOf("sample", "5", { ...named, classes: 6 })).toEqual([{ number: 5 }]);
    expect(() => checkLabel("sample", "cow", 1, {})).toThrow(/the network takes no classes/);
    expect(() => checkLabel("sample", undefined, 2, { classes: 4 })).toThrow(/give --label, too/);
  });

  test("is reported with number and name", () => {
    const [cow, cat] = classesOf("sample", "cow,cat", named);
    expect([classFields([cow!]), classFields([cow!, cat!]), classFields(undefined)]).toEqual([
      { label: { number: 3, name: "cow" } },
      { labels: [cow, cat] },
      {},
    ]);
    expect([ofClasses([cow!]), ofClasses(undefined)]).toEqual([" of class 3 (cow)", ""]);
  });
});

describe("a run on the class folders 0 to 11", () => {
  const run = join(folder, "run");
  const names = Array.from({ length: 12 }, (_, k) => String(k));
  let source: string;
  beforeAll(async () => {
    source = await classFolders("folders", names);
    expect((await trainHere(oneUpdate(source), run)).code).toBe(0);
  });

  test("keeps its class names, and draws class 2 for --label 2", async () => {
    expect(classNamesAt(run, 8)).toEqual(names);
    const { reporter, lines } = listener();
    const flags = { seed: 0, guidance: 1, checkpoint: "latest", backend: "wasm", label: "2,11" };
    const model = await openModel("edit", run, flags, reporter);
    expect([model.classes, model.drawing(1, 3).label]).toEqual([
      [
        { number: 2, name: "2" },
        { number: 11, name: "11" },
      ],
      [11, 2, 11],
    ]);
    expect(await model.facts()).toMatchObject({ label: [2, 11] });
    expect(lines).toContain("drawing classes 2 (2), 11 (11)");
    model.close();
  });

  test("resumes from a checkpoint without names, and keeps them from then on", async () => {
    const older = join(folder, "older");
    const { state, meta } = await loadCheckpoint(fsStorage(run));
    const { classNames: _, ...rest } = meta;
    await saveCheckpoint(fsStorage(older), state, rest);
    disposeState(state);
    cpSync(join(run, "config.json"), join(older, "config.json"));
    expect(classNamesAt(older, 8)).toBeUndefined();
    const longer = { ...oneUpdate(source), train: { ...smallRun.train, images: 16 } };
    writeFileSync(join(older, "log.jsonl"), "");
    expect((await trainHere({ ...longer, train: { ...longer.train, images: 16 } }, older)).code).toBe(0);
    expect(classNamesAt(older, 16)).toEqual(names);
  });
});

test("a training on some classes reports which they are: class 2 of 01, 02, 10 is 02", async () => {
  const source = await classFolders("pad", ["01", "02", "10"]);
  const { reporter, lines, events } = listener();
  const config = parseRun(oneUpdate(source, { classes: ["2"] }), "test");
  const prepared = await prepare(config, runFolder(join(folder, "some")), { backend: "wasm" }, reporter);
  tellPlan(reporter, { ...prepared, heldOut: 0 });
  await prepared.stream.close?.();
  expect(events.at(-1)).toMatchObject({ event: "plan", classes: [{ number: 1, name: "02" }] });
  expect(lines.join("\n")).toContain("only class 1 (02)");
  expect([...prepared.first.labels!]).toEqual([1]);
  expect(prepared.first.data[0]).toBeCloseTo((40 / 255) * 2 - 1, 5);
});

test("a network that learned other classes by the same numbers is reported", () => {
  expect(renamedClasses(["cat", "dog"], ["cat", "dog", "cow"], "runs/pets")).toBeUndefined();
  expect(renamedClasses(undefined, ["cat"], "runs/pets")).toBeUndefined();
  expect(renamedClasses(["cat", "dog"], ["bus", "dog"], "runs/pets")).toBe(
    'warning: other class names than in runs/pets, whose weights know classes by number: class 0 was "cat", is "bus".',
  );
});
