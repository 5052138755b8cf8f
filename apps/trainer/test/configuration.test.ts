import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { InvalidArgumentError } from "commander";
import { describe, expect, test } from "vitest";
import { MOST_STEPS, sides, wholeNumber } from "../src/commands/numbers.ts";
import { loadRun, loadStages, type Overrides } from "../src/config/load.ts";
import { pluginSpec } from "../src/config/plugin-spec.ts";
import { dataSettings } from "../src/data/data-settings.ts";
import { temporaryFolder } from "./support/command.ts";

const folder = temporaryFolder();

/** The configuration that a file of this content, with these settings, stands for. */
const loaded = (content: string | Uint8Array | object, set: readonly string[] = []) => {
  const path = join(folder, "mine.json");
  const plain = typeof content === "string" || content instanceof Uint8Array;
  writeFileSync(path, plain ? content : JSON.stringify(content));
  return loadRun(path, { set });
};

test("what a preset says of itself gives way to what the command line changes", async () => {
  const about = async (overrides: Overrides) => (await loadRun("quickstart", overrides)).about;
  expect(await about({ seed: 3 })).toContain("coloured shapes");
  expect(await about({ data: "photos", minutes: 1, set: ["data.size=32"] })).toBe(
    "the settings of quickstart with data.source=photos train.minutes=1 data.size=32",
  );
  expect((await loaded({ preset: "quickstart" })).about).toBe(
    "the settings of quickstart with those of mine.json",
  );
});

describe("a configuration needs only what it changes:", () => {
  test("an empty one trains a small network, under the file's name", async () => {
    expect(await loaded("{}")).toMatchObject({
      name: "mine",
      data: { source: "shapes", size: 16 },
      denoiser: { name: "ho", width: 32, groups: 8 },
      train: { images: 48_000, batch: 16, optimizer: "adam" },
      every: { log: 800, samples: 16_000, checkpoint: 16_000, keep: 3 },
    });
  });

  test.each([
    [{ train: { batch: 4 } }, { train: { batch: 4, images: 48_000 }, every: { log: 200 } }],
    [{ every: { log: 7 } }, { every: { log: 7, samples: 16_000 } }],
    [{ denoiser: { width: 8 } }, { denoiser: { name: "ho", width: 8, multipliers: [1, 2, 2] } }],
    [{ denoiser: "nano" }, { denoiser: "nano" }],
    [{ train: { ema: { decay: 0.9 } } }, { train: { ema: { name: "warmup", decay: 0.9 } } }],
    [{ train: { learningRate: 0.01 } }, { train: { learningRate: { name: "constant", rate: 0.01 } } }],
    [{ preset: "fashion" }, { name: "mine", parameterization: "v", train: { images: 300_000 } }],
    [
      { preset: "fashion", train: { learningRate: 0.1 }, denoiser: { blocks: 2 } },
      {
        train: { learningRate: { name: "cosine", rate: 0.1, warmup: 200 } },
        denoiser: { width: 32, blocks: 2 },
      },
    ],
    [{ preset: "quickstart", data: { source: "photos" } }, { data: { source: "photos", size: 16 } }],
  ])("%j", async (given, expected) => {
    const config = await loaded(given);
    expect(config).toMatchObject(expected);
    if ("preset" in given && "data" in given) expect(config.data).not.toHaveProperty("count");
  });
});

describe("a file of settings", () => {
  test.each([
    ["a byte-order mark", '\uFEFF{"seed": 3}'],
    ["line ends of Windows", '{\r\n"seed": 3\r\n}\r\n'],
    ["comments and a last comma", '{ // three\n"seed": 3, /* so */ }'],
  ])("is read with %s", async (_what, content) => {
    expect((await loaded(content)).seed).toBe(3);
  });

  test.each<[string, string | Uint8Array, string]>([
    ["null", "null", "mine.json holds null, expected settings in braces"],
    ["a list", "[]", "mine.json holds a list, expected settings in braces"],
    ["a text", '"quickstart"', 'mine.json holds the string "quickstart", expected settings'],
    ["a number", "7", "mine.json holds the number 7, expected settings"],
    ["nothing", " \n", "mine.json is empty, expected settings"],
    [
      "a missing comma",
      '{\n  "seed": 1\n  "name": "a"\n}',
      "is not JSON: expected a comma at line 3, column 3",
    ],
    ["an open brace", '{"train": {"batch": 4}', "is not JSON: expected a close brace at line 1, column 23"],
    ["a doubled name", '{"seed": 1,\n "seed": 2}', '"seed" is there twice, again at line 2, column 2'],
    ["a doubled name within", '{"train": {"batch": 1, "batch": 2}}', '"batch" is there twice'],
    ["NaN", '{"seed": NaN}', "is not JSON: invalid symbol at line 1, column 10"],
    ["bytes of another code", Uint8Array.of(0x7b, 0x22, 0xe9, 0x22, 0x7d), "mine.json is not UTF-8 text"],
    ["UTF-16", Uint8Array.of(0xff, 0xfe, 0x7b, 0, 0x7d, 0), "mine.json is UTF-16 text, expected UTF-8"],
    [
      "infinity",
      '{"train": {"minutes": 1e999}}',
      'setting "train.minutes": Infinity given, expected a number above 0',
    ],
    [
      "a huge number",
      '{"train": {"batch": 1e300}}',
      'setting "train.batch": 1e+300 given, expected a whole number',
    ],
    [
      "a wrong type",
      '{"train": {"batch": "4"}}',
      'setting "train.batch": "4" given, expected a whole number of at',
    ],
    ["a section of another kind", '{"train": 3}', 'setting "train": 3 given, expected an object of images'],
    [
      "a plugin of another kind",
      '{"schedule": 3}',
      'setting "schedule": 3 given, expected the name of a plugin',
    ],
    ["an unknown name", '{"tran": {}}', 'unknown setting "tran": expected one of name, about'],
    [
      "an unknown name within",
      '{"train": {"bach": 1}}',
      'unknown setting "train.bach": expected one of images',
    ],
    ["an unknown preset", '{"preset": "fasion"}', 'Did you mean "fashion"?'],
    [
      "a name that leaves its folder",
      '{"name": "../x"}',
      'setting "name": "../x" given, expected a name for a folder',
    ],
    ["a name that is a folder", '{"name": ".."}', "expected a name for a folder"],
  ])("with %s is refused", async (_what, content, sentence) => {
    await expect(loaded(content)).rejects.toThrow(sentence);
  });

  test("that is a folder, or is not there, is refused", async () => {
    const path = join(folder, "folder.json");
    mkdirSync(path);
    await expect(loadRun(path, {})).rejects.toThrow("is a folder, expected a preset");
    await expect(loadRun(join(folder, "none.json"), {})).rejects.toThrow("none.json does not exist");
  });
});

describe("--set", () => {
  const train = { learningRate: { name: "cosine", rate: 1e-3 } };
  test.each<[string, object]>([
    ["train.ema.decay=0.99", { train: { ema: { name: "warmup", decay: 0.99 } } }],
    ["train.ema=0.5", { train: { ema: { name: "warmup", decay: 0.5 } } }],
    ["sample.sampler.eta=1", { sample: { sampler: { name: "ddim", eta: 1 } } }],
    ["train.learningRate=0.5", { train: { learningRate: { name: "cosine", rate: 0.5 } } }],
    ["train.learningRate.rate=0.5", { train: { learningRate: { name: "cosine", rate: 0.5 } } }],
    ["train.learningRate=constant", { train: { learningRate: "constant" } }],
    ["train.clip=2", { train: { clip: 2 } }],
    ["train.clip.maxNorm=2", { train: { clip: { name: "norm", maxNorm: 2 } } }],
    ["denoiser.classes=6", { denoiser: { name: "ho", classes: 6 } }],
    ["data.size=[16,24]", { data: { size: [16, 24] } }],
    ['schedule={"name":"linear","steps":5}', { schedule: { name: "linear", steps: 5 } }],
  ])("%s", async (setting, expected) => {
    expect(await loaded({ train }, [setting])).toMatchObject(expected);
  });

  test.each([[["denoiser.name=mlp", "denoiser.layers=1"]], [["denoiser.layers=1", "denoiser.name=mlp"]]])(
    "%j is another plugin, with its own options alone",
    async (settings) => {
      const denoiser = { name: "ho", width: 8, multipliers: [1] };
      expect((await loaded({ denoiser }, settings)).denoiser).toEqual({ name: "mlp", layers: 1 });
      const same = await loaded({ denoiser }, ["denoiser.name=ho"]);
      expect(same.denoiser).toEqual(denoiser);
    },
  );

  test.each([
    ["trian.batch=4", 'unknown setting "trian"'],
    ["train.batch=0", 'setting "train.batch": 0 given, expected a whole number of at least 1'],
    ["train.batch.size=4", "no settings of its own"],
    ["sample.sampler=1", 'setting "sample.sampler": 1 given, expected the name of a plugin'],
    ["data.classes=[ship]", "[ship] is not JSON. Texts in it need their quotes"],
    ["schedule={name:linear}", "Windows PowerShell takes quotes away"],
    ["'train.batch=4'", "the quotes reached the command"],
    ["train.batch", "expected key=value"],
  ])("%s is refused", async (setting, sentence) => {
    const config = { train: { batch: 8 } };
    await expect(loaded(config, [setting])).rejects.toThrow(sentence);
  });

  test("of one stage reaches its plugins", async () => {
    const path = join(folder, "staged.json");
    writeFileSync(path, JSON.stringify({ stages: { all: {}, one: { train: { images: 5 } } } }));
    const stages = await loadStages(path, { set: ["stages.one.train.ema.decay=0.5"] });
    expect(stages.map(({ config }) => config.train.ema)).toEqual(["warmup", { name: "warmup", decay: 0.5 }]);
  });
});

test("lists in options of plugins and data keep their commas", () => {
  expect(pluginSpec('list:steps=[9,5,1],x="a,b",y=2')).toEqual({
    name: "list",
    steps: [9, 5, 1],
    x: "a,b",
    y: 2,
  });
  expect(dataSettings(["size=[16,24]", "data.split=test", "fit=crop"])).toEqual({
    ...{ size: [16, 24], split: "test", fit: "crop" },
  });
  expect(() => dataSettings(["size"])).toThrow("expected key=value");
});

describe("numbers on the command line", () => {
  test.each(["0", "-1", "2.5", "1e9", "NaN", "Infinity", "0x10x", "", " ", "many"])(
    "%j is no count",
    (text) => {
      expect(() => wholeNumber(1, MOST_STEPS)(text)).toThrow(InvalidArgumentError);
    },
  );

  test("steps go to a million, seeds and images as far as numbers are exact", () => {
    expect(wholeNumber(1, MOST_STEPS)("1000000")).toBe(1_000_000);
    expect(wholeNumber(0)("9007199254740991")).toBe(Number.MAX_SAFE_INTEGER);
    expect(() => wholeNumber(0)("9007199254740993")).toThrow(InvalidArgumentError);
  });

  test("sides are one number, or height and width", () => {
    expect(["32", "[16,24]", "16x24", "16, 24"].map(sides)).toEqual([
      [32, 32],
      [16, 24],
      [16, 24],
      [16, 24],
    ]);
    for (const text of ["0", "16x0", "1x2x3", "-4", "99999", ""]) {
      expect(() => sides(text)).toThrow(InvalidArgumentError);
    }
  });
});
